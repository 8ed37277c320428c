package db

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// ActorKind says what sort of actor asks.
type ActorKind string

// The kinds of actor.
const (
	UserActor     ActorKind = "user"
	CustomerActor ActorKind = "customer"
	GuestActor    ActorKind = "guest"
	JobActor      ActorKind = "job"
	TokenActor    ActorKind = "token"
)

// Permissions is a set of permission names such as "orders.create".
type Permissions map[string]struct{}

// Allow makes a set of permissions.
func Allow(names ...string) Permissions {
	p := make(Permissions, len(names))
	for _, n := range names {
		p[n] = struct{}{}
	}
	return p
}

// Names are the permissions in order.
func (p Permissions) Names() []string {
	names := make([]string, 0, len(p))
	for n := range p {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Actor is who asks: a member of staff, a customer, a guest, a job or an API token.
type Actor struct {
	Kind        ActorKind
	ID          int64
	Name        string
	Permissions Permissions
	// Withheld are permissions that the actor would have after another sign-in,
	// and Needs is the code of the refusal that says which.
	Withheld Permissions
	Needs    string
	// Locations are the stores the actor is limited to; nil means all.
	Locations []int64
	// Limits are what the actor may do without anybody's approval.
	Limits Limits
	// Approver vouches for what is above the limits.
	Approver *Approver
	// SessionID is the session that carries the request, 0 without one.
	SessionID int64
	// DeviceID is the session that signed the device in, 0 without one: several
	// people work at one tablet.
	DeviceID int64
	// ByPIN says that the session was taken over with a PIN, Locked that nobody
	// stands before it.
	ByPIN, Locked bool
	// IP is where the request came from.
	IP string
}

// Can says whether the actor holds a permission.
func (a Actor) Can(permission string) bool {
	_, ok := a.Permissions[permission]
	return ok
}

// Key names the actor uniquely: "user:7".
func (a Actor) Key() string {
	return string(a.Kind) + ":" + strconv.FormatInt(a.ID, 10)
}

// Scope is the stores whose rows the actor may see.
func (a Actor) Scope() Scope { return Scope{ids: a.Locations, all: a.Locations == nil} }

// Scope is a set of stores.
type Scope struct {
	ids []int64
	all bool
}

// All says whether no store is left out.
func (s Scope) All() bool { return s.all }

// Has says whether a store belongs to the scope.
func (s Scope) Has(locationID int64) bool { return s.all || slices.Contains(s.ids, locationID) }

// Where is the SQL condition that keeps a query to the scope: Where("o.location_id").
func (s Scope) Where(column string) string {
	if s.all {
		return "1"
	}
	ids := make([]string, len(s.ids))
	for i, id := range s.ids {
		ids[i] = strconv.FormatInt(id, 10)
	}
	return column + " IN (" + strings.Join(ids, ",") + ")"
}

type actorKey struct{}

// WithActor puts the actor of a request into its context.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorOf is the actor of a context; a guest without permissions when none was put there.
func ActorOf(ctx context.Context) Actor {
	a, ok := ctx.Value(actorKey{}).(Actor)
	if !ok {
		return Actor{Kind: GuestActor, Locations: []int64{}}
	}
	return a
}
