package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/outbox"
)

// NewRegistration is somebody asking to work here.
type NewRegistration struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Note     string `json:"note,omitempty" maxLength:"1000"`
}

// Registration is a request, and what was decided.
type Registration struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Note      string     `json:"note"`
	Status    UserStatus `json:"status" enum:"pending,active,disabled,rejected"`
	Reason    string     `json:"reason" doc:"why it was rejected"`
	CreatedAt db.Time    `json:"createdAt" format:"date-time"`
	DecidedAt *db.Time   `json:"decidedAt" format:"date-time"`
	DecidedBy string     `json:"decidedBy"`
	Version   int64      `json:"version"`
	// AskedAgain counts requests of the same address that came after this one. Its name, note and password are the first's.
	AskedAgain int64 `json:"askedAgain" doc:"how often the same address asked again: if more than once, ask them in person which request is theirs"`
}

// RegistrationApproval lets somebody in. Without stores they see all of them.
type RegistrationApproval struct {
	Version     *int64   `json:"version,omitempty"`
	Role        Role     `json:"role" enum:"admin,manager,employee"`
	LocationIDs *[]int64 `json:"locationIds,omitempty" maxItems:"1000" doc:"the stores they are limited to; all when left out"`
}

// Rejection turns somebody down.
type Rejection struct {
	Version *int64 `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty" maxLength:"500"`
}

// Received says that a request has been taken; it is all that anybody is told.
type Received struct {
	Message string `json:"message"`
}

// RegistrationFacts are what the mails about a request tell: registration-received, -pending, -approved and -rejected.
type RegistrationFacts struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Note   string `json:"note,omitempty"`
	Role   Role   `json:"role,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Register asks to be let in. Whether the address is known already shows neither in the answer nor in the work it
// takes: one hash, one commit.
func (s *Sessions) Register(ctx context.Context, in NewRegistration) error {
	owner := NewOwner{in.Name, in.Email, in.Password} // the same fields, held to the same rules
	if err := owner.Check(s.shopWords(ctx)); err != nil {
		return err
	}
	note, err := db.Note("note", in.Note, 1000)
	if err != nil {
		return err
	}
	if err := take(s.guard.byRequest, network(db.ActorOf(ctx).IP)); err != nil {
		return err
	}
	hash, err := auth.HashPassword(ctx, owner.Password)
	if err != nil {
		return err
	}
	return db.Write(ctx, s.d, func(tx *db.Tx) error {
		if !isOpen(tx) {
			return db.Errorf(db.Conflict, "not_set_up", "This shop is not set up yet.")
		}
		n, err := tx.Exec(`INSERT INTO users (name, email, email_normal, password_hash, role, status, created_at, note, sort_key) VALUES (?1, ?2, ?3, ?4, 'employee', 'pending', ?5, ?6, ?7)
			ON CONFLICT (email_normal) DO UPDATE SET name = ?1, sort_key = ?7, email = ?2, password_hash = ?4, status = 'pending', created_at = ?5, note = ?6,
				reason = '', decided_at = NULL, decided_by = '', asked_again = 0, version = version + 1 WHERE status = 'rejected'`,
			owner.Name, owner.Email, normalEmail(owner.Email), hash, tx.Now, note, db.SortKey(owner.Name))
		if err != nil {
			return fmt.Errorf("register: %w", err)
		}
		r, err := registrationOf(tx, normalEmail(owner.Email))
		if err != nil {
			return err
		}
		if n == 0 {
			return askedAgain(tx, r)
		}
		return told(tx, r)
	})
}

// askedAgain counts a request of an address that somebody has already; only who decides learns of it. Either somebody
// forgot that they asked, or one of the two is not who they say.
func askedAgain(tx *db.Tx, r *Registration) error {
	if _, err := tx.Exec("UPDATE users SET asked_again = asked_again + 1 WHERE id = ?1", r.ID); err != nil {
		return fmt.Errorf("count a request: %w", err)
	}
	if err := tx.AuditAs("registered_again", "registration", r.ID, nil, nil); err != nil {
		return err
	}
	return tx.Emit("registrations", r.ID, r.Version)
}

// An admin is mailed this many requests in that time at most.
const (
	mostRequests = 10
	requestFlood = 10 * time.Minute
)

// isOpen says whether there is a shop to ask at.
func isOpen(tx *db.Tx) bool {
	var open bool
	err := tx.Row("SELECT EXISTS (SELECT 1 FROM users WHERE status = 'active')", nil, &open)
	return err == nil && open
}

// told queues the mails of a new request: to who asked, and to those who decide.
func told(tx *db.Tx, r *Registration) error {
	facts := RegistrationFacts{ID: r.ID, Email: r.Email} // nobody knows yet whose address it is: it gets no words of a stranger
	err := outbox.Queue(tx, outbox.Mail{Kind: "registration-received", To: r.Email, Key: fmt.Sprintf("registration-received/%d/%d", r.ID, r.Version), Facts: facts})
	if err != nil {
		return err
	}
	admins, err := AdminEmails(tx)
	if err != nil {
		return fmt.Errorf("find the admins: %w", err)
	}
	facts.Name, facts.Note = r.Name, r.Note
	for _, to := range admins {
		// In a flood of requests the page has them all; the mailbox has had enough.
		sent, err := outbox.Recent(tx, "registration-pending", to, tx.Now.Add(-requestFlood))
		if err != nil {
			return fmt.Errorf("count the mails of requests: %w", err)
		}
		if sent >= mostRequests {
			continue
		}
		err = outbox.Queue(tx, outbox.Mail{Kind: "registration-pending", To: to, Key: fmt.Sprintf("registration-pending/%d/%d/%s", r.ID, r.Version, to), Facts: facts})
		if err != nil {
			return err
		}
	}
	if err := tx.AuditAs("registered", "registration", r.ID, nil, r); err != nil {
		return err
	}
	return tx.Emit("registrations", r.ID, r.Version)
}

const registrationColumns = "id, name, email, note, status, reason, created_at, decided_at, decided_by, version, asked_again"

func registrationOf(tx *db.Tx, email string) (*Registration, error) {
	r := new(Registration)
	err := tx.Get(r, "SELECT "+registrationColumns+" FROM users WHERE email_normal = ?1", email)
	return r, db.Found(err, "registration")
}

// Registrations are the requests of a status, pending ones when none is named, the oldest first.
func Registrations(ctx context.Context, d *db.DB, status UserStatus, l db.List) (db.Page[Registration], error) {
	if status == "" {
		status = Pending
	}
	var rows []Registration
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		var after int64
		if _, err := db.ReadCursor(l.After, &after); err != nil {
			return err
		}
		// Whoever set the shop up never asked.
		return tx.Select(&rows, "SELECT "+registrationColumns+` FROM users WHERE status = ?1 AND id > ?2
			AND (status IN ('pending', 'rejected') OR decided_at IS NOT NULL) ORDER BY id LIMIT ?3`, string(status), after, l.Size()+1)
	})
	if err != nil {
		return db.Page[Registration]{}, err
	}
	return db.PageOf(rows, l.Size(), func(r Registration) string { return db.Cursor(r.ID) }), nil
}

// ApproveRegistration lets somebody in with a role and stores. Repeated it changes nothing; one that was turned down
// cannot be let in: they ask again.
func (s *Sessions) ApproveRegistration(ctx context.Context, id int64, in RegistrationApproval) (*Registration, error) {
	return s.decide(ctx, id, Active, in.Version, in, func(tx *db.Tx, r *Registration) (RegistrationFacts, error) {
		if _, err := tx.Exec("UPDATE users SET role = ?2 WHERE id = ?1", id, string(in.Role)); err != nil {
			return RegistrationFacts{}, fmt.Errorf("give a role: %w", err)
		}
		return RegistrationFacts{Role: in.Role}, limitTo(tx, id, in.LocationIDs, in.LocationIDs == nil)
	})
}

// RejectRegistration turns somebody down.
func (s *Sessions) RejectRegistration(ctx context.Context, id int64, in Rejection) (*Registration, error) {
	reason, err := db.Note("reason", in.Reason, 500)
	if err != nil {
		return nil, err
	}
	return s.decide(ctx, id, Rejected, in.Version, in, func(tx *db.Tx, r *Registration) (RegistrationFacts, error) {
		if _, err := tx.Exec("UPDATE users SET reason = ?2 WHERE id = ?1", id, reason); err != nil {
			return RegistrationFacts{}, fmt.Errorf("say why: %w", err)
		}
		return RegistrationFacts{Reason: reason}, nil
	})
}

// decide moves a request on, with what comes along, its mail and its trace.
func (s *Sessions) decide(ctx context.Context, id int64, to UserStatus, version *int64, in any, with func(*db.Tx, *Registration) (RegistrationFacts, error)) (*Registration, error) {
	kind := map[UserStatus]string{Active: "registration-approved", Rejected: "registration-rejected"}[to]
	return db.Do(ctx, s.d, in, func(tx *db.Tx) (*Registration, error) {
		before, err := registration(tx, id)
		if err != nil {
			return nil, err
		}
		if before.Status == to {
			return before, nil
		}
		if version != nil && *version != before.Version {
			return nil, db.Stale(before)
		}
		if before.Status != Pending {
			return nil, db.Illegal("registration", before.Status, to)
		}
		facts, err := with(tx, before)
		if err != nil {
			return nil, err
		}
		_, err = tx.Exec("UPDATE users SET status = ?2, decided_at = ?3, decided_by = ?4, version = version + 1 WHERE id = ?1", id, string(to), tx.Now, tx.Actor.Name)
		if err != nil {
			return nil, fmt.Errorf("decide on a request: %w", err)
		}
		after, err := registration(tx, id)
		if err != nil {
			return nil, err
		}
		facts.ID, facts.Name, facts.Email = id, after.Name, after.Email
		err = outbox.Queue(tx, outbox.Mail{Kind: kind, To: after.Email, Key: fmt.Sprintf("%s/%d/%d", kind, id, after.Version), Facts: facts})
		if err != nil {
			return nil, err
		}
		if err := tx.AuditAs(map[UserStatus]string{Active: "approved", Rejected: "rejected"}[to], "registration", id, before, facts); err != nil {
			return nil, err
		}
		return after, errors.Join(tx.Emit("registrations", id, after.Version), tx.Emit("users", id, after.Version))
	})
}

func registration(tx *db.Tx, id int64) (*Registration, error) {
	r := new(Registration)
	err := tx.Get(r, "SELECT "+registrationColumns+" FROM users WHERE id = ?1 AND (status IN ('pending', 'rejected') OR decided_at IS NOT NULL)", id)
	if err != nil {
		return nil, db.Found(err, "registration")
	}
	return r, nil
}
