package settings

// HoldSettings are for how many minutes an unpaid order holds its stock; 0 holds it until somebody decides.
type HoldSettings struct {
	Cash     int `json:"cash" doc:"of a web order to be paid in cash when it is picked up"`
	Card     int `json:"card" doc:"of a web order to be paid by card"`
	Transfer int `json:"transfer" doc:"of a web order to be paid by bank transfer"`
	Other    int `json:"other" doc:"of a web order to be paid another way, or nobody knows how"`
	Counter  int `json:"counter" doc:"of an order from the counter"`
	Phone    int `json:"phone" doc:"of an order by phone"`
	API      int `json:"api" bun:"api" doc:"of an order from another program"`
}

// HoldChange changes what it carries.
type HoldChange struct {
	Cash     *int `json:"cash,omitempty" minimum:"0" maximum:"525600"`
	Card     *int `json:"card,omitempty" minimum:"0" maximum:"525600"`
	Transfer *int `json:"transfer,omitempty" minimum:"0" maximum:"525600"`
	Other    *int `json:"other,omitempty" minimum:"0" maximum:"525600"`
	Counter  *int `json:"counter,omitempty" minimum:"0" maximum:"525600"`
	Phone    *int `json:"phone,omitempty" minimum:"0" maximum:"525600"`
	API      *int `json:"api,omitempty" minimum:"0" maximum:"525600"`
}

// usualHolds are the terms until the owner decides: an hour by card, two days until a pickup, a week for a transfer. At the
// counter and on the phone somebody spoke with the customer.
var usualHolds = HoldSettings{Cash: 2 * 24 * 60, Card: 60, Transfer: 7 * 24 * 60, Other: 7 * 24 * 60}

func (h *HoldSettings) change(in *HoldChange) {
	if in == nil {
		return
	}
	set(&h.Cash, in.Cash)
	set(&h.Card, in.Card)
	set(&h.Transfer, in.Transfer)
	set(&h.Other, in.Other)
	set(&h.Counter, in.Counter)
	set(&h.Phone, in.Phone)
	set(&h.API, in.API)
}
