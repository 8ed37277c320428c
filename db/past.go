package db

import "context"

type pastKey struct{}

// Past lets a job write as of a moment that is over, for books that begin before the shop did. Such writes carry the moment
// as Tx.Now and tell nobody: they emit no events and queue no mail, for what they tell is no news. A moment ahead counts as now.
// It panics for every other actor; afterwards the context may be given to whoever is said to have done it.
func Past(ctx context.Context, at Time) context.Context {
	if ActorOf(ctx).Kind != JobActor {
		panic("db: only a job writes a past")
	}
	return context.WithValue(ctx, pastKey{}, at)
}

// past moves a transaction to the moment of its context, if that has one.
func (tx *Tx) past(ctx context.Context) {
	if at, ok := ctx.Value(pastKey{}).(Time); ok {
		tx.InPast, tx.Now = true, min(at, tx.Now)
	}
}

// At moves a transaction of the past on: what follows was done then, by that actor. It panics in the present.
func (tx *Tx) At(at Time, by Actor) {
	if !tx.InPast {
		panic("db: the present does not move")
	}
	tx.Now, tx.Actor = min(at, TimeOf(tx.d.Now())), by
}
