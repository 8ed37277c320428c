package db

// Limit names something that people may do up to a value.
type Limit string

// The limits: a discount in thousandths of a percent, the others in minor units.
const (
	DiscountLimit Limit = "discount"
	RefundLimit   Limit = "refund"
	WriteOffLimit Limit = "writeOff"
)

// Limits are values up to which somebody needs no approval; what is not named
// has none.
type Limits map[Limit]int64

// Approver is who vouches for another: somebody whose own limits are higher.
type Approver struct {
	ID        int64
	Name      string
	Limits    Limits
	Locations []int64
}

// Allow refuses what is above the actor's limit, unless an approver whose limit
// it is not above sees that store: approval_required, with the limit. What is
// written down afterwards names the approver.
func (tx *Tx) Allow(limit Limit, value, locationID int64) error {
	most, limited := tx.Actor.Limits[limit]
	if !limited || value <= most {
		return nil
	}
	if a := tx.Actor.Approver; a != nil && (Scope{ids: a.Locations, all: a.Locations == nil}).Has(locationID) {
		if theirs, limited := a.Limits[limit]; !limited || value <= theirs {
			tx.approver = a
			return nil
		}
	}
	return Errorf(Forbidden, "approval_required", "This is above your limit. Ask somebody with a higher one to approve it with their PIN.").
		With("what", string(limit)).With("limit", most)
}

// ApprovedBy is who vouched for something in this transaction, nil when nobody
// had to.
func (tx *Tx) ApprovedBy() *Approver { return tx.approver }

// Approval is the PIN of somebody who vouches for a command.
type Approval struct {
	UserID int64  `json:"userId" minimum:"1"`
	PIN    string `json:"pin" maxLength:"20"`
}

// MarshalJSON hides it: what is hashed or stored of a command must not tell a PIN,
// and a command sent again is the same whoever vouches for it.
func (Approval) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Approvable is part of each command that somebody may have to vouch for.
type Approvable struct {
	Approval *Approval `json:"approval,omitempty" doc:"the PIN of somebody whose limit this is not above"`
}

// Asks is the approval that came with the command, nil without one.
func (a Approvable) Asks() *Approval { return a.Approval }
