package staff

import (
	"context"
	"math"
	"net/netip"
	"time"

	"onhand/db"
	"onhand/db/auth"
)

// guard slows guessing down without ever locking anybody out: what it counts refills with time.
type guard struct {
	byAddress *auth.Throttle
	byPair    *auth.Throttle // of an account and an address
	byAccount *auth.Throttle // of addresses the account never signed in from: a stranger must not lock the owner out
	byCode    *auth.Throttle // codes of a second factor, by account
	byMail    *auth.Throttle // mails that somebody who is not signed in makes the shop send, by their receiver
	byRequest *auth.Throttle // and by the address they come from
	byTest    *auth.Throttle // mails to try the settings, by who sends them
	noted     *auth.Throttle // refusals that are written down, by who was refused
	allNoted  *auth.Throttle // and all of them: nobody fills the disk with them
	known     *auth.Known    // pairs that signed in; the sessions in the file tell of others
}

func newGuard(now func() time.Time) *guard {
	return &guard{
		byAddress: auth.NewThrottle(60, 5*time.Second, now),
		byPair:    auth.NewThrottle(10, 30*time.Second, now),
		byAccount: auth.NewThrottle(100, 30*time.Second, now),
		byCode:    auth.NewThrottle(5, time.Minute, now),
		byMail:    auth.NewThrottle(3, 10*time.Minute, now),
		byRequest: auth.NewThrottle(20, time.Minute, now),
		byTest:    auth.NewThrottle(10, 30*time.Second, now),
		noted:     auth.NewThrottle(10, time.Minute, now),
		allNoted:  auth.NewThrottle(500, 10*time.Second, now),
		known:     auth.NewKnown(),
	}
}

// attempt is one try to sign in.
type attempt struct {
	g             *guard
	account, ip   string
	pair          string
	spentOnOthers bool // whether the account's tries from strange addresses paid
}

// begin spends a try of an address and of the account from there.
func (g *guard) begin(account, ip string) (*attempt, error) {
	ip = network(ip)
	a := &attempt{g: g, account: account, ip: ip, pair: account + "\n" + ip}
	if err := take(g.byAddress, ip); err != nil {
		return nil, err
	}
	return a, take(g.byPair, a.pair)
}

// from spends a try of all strange addresses together, unless the account signed in from this one before.
func (a *attempt) from(signedIn bool) error {
	if signedIn || a.g.known.Has(a.pair) {
		return nil
	}
	if err := take(a.g.byAccount, a.account); err != nil {
		return err
	}
	a.spentOnOthers = true
	return nil
}

// right gives the tries back: it was no guess.
func (a *attempt) right() {
	a.g.byAddress.Return(a.ip)
	a.g.byPair.Return(a.pair)
	if a.spentOnOthers {
		a.g.byAccount.Return(a.account)
	}
	a.g.known.Add(a.pair)
}

// codesOf is whose codes are counted: a stranger's apart from those of an address that the account signed in from, or
// whoever learned the password could keep the owner out.
func (g *guard) codesOf(account, ip string) string {
	if pair := account + "\n" + network(ip); g.known.Has(pair) {
		return pair
	}
	return account
}

// network is what of an address stands for who is behind it: of IPv6, everybody has 2^64 and counts by the first half.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Unmap().Is4() {
		return ip
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return p.String()
}

// take spends a try, or says when there is one again.
func take(t *auth.Throttle, key string) error {
	wait := t.Take(key)
	if wait == 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	return db.Errorf(db.Throttled, "throttled", "There were too many tries. Try again in %d seconds.", seconds).With("retryAfter", seconds)
}

// TestThrottle spends a try to send a mail to any address.
func (s *Sessions) TestThrottle(ctx context.Context) error {
	return take(s.guard.byTest, db.ActorOf(ctx).Key())
}

// worthNoting says whether one more refusal of somebody is written down.
func (g *guard) worthNoting(who string) bool {
	return g.noted.Take(who) == 0 && g.allNoted.Take("") == 0
}
