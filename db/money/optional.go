package money

import "encoding/json"

// Optional is an amount in a change: absent leaves what is there, null clears it, a number sets it.
// Fields of this type carry omitzero; on the wire it is an integer or null.
type Optional struct {
	Sent   bool
	Amount *Amount // nil when null was sent
}

// Some sends an amount, or null for nil.
func Some(a *Amount) Optional { return Optional{Sent: true, Amount: a} }

// UnmarshalJSON reads null or a number.
func (o *Optional) UnmarshalJSON(b []byte) error {
	*o = Optional{Sent: true}
	return json.Unmarshal(b, &o.Amount)
}

// MarshalJSON writes null or a number.
func (o Optional) MarshalJSON() ([]byte, error) { return json.Marshal(o.Amount) }

// OptionalRate is a rate in a change, as Optional is an amount.
type OptionalRate struct {
	Sent bool
	Rate *Rate // nil when null was sent
}

// SomeRate sends a rate, or null for nil.
func SomeRate(r *Rate) OptionalRate { return OptionalRate{Sent: true, Rate: r} }

// UnmarshalJSON reads null or a number.
func (o *OptionalRate) UnmarshalJSON(b []byte) error {
	*o = OptionalRate{Sent: true}
	return json.Unmarshal(b, &o.Rate)
}

// MarshalJSON writes null or a number.
func (o OptionalRate) MarshalJSON() ([]byte, error) { return json.Marshal(o.Rate) }
