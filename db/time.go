package db

import (
	"encoding/json"
	"fmt"
	"time"
)

// Time is a moment in milliseconds since 1970, UTC: an integer in the file,
// RFC 3339 on the wire.
type Time int64

const (
	hour     = time.Hour
	timeForm = "2006-01-02T15:04:05.000Z"
)

// TimeOf is a moment cut to the millisecond.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// Time is the moment as Go's time, in UTC.
func (t Time) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add moves a moment.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

// Sub is the time between two moments.
func (t Time) Sub(u Time) time.Duration { return time.Duration(t-u) * time.Millisecond }

// Date is the calendar day of a moment in a zone.
func (t Time) Date(zone *time.Location) Date { return Date(t.Time().In(zone).Format(time.DateOnly)) }

// MarshalText writes RFC 3339 with milliseconds.
func (t Time) MarshalText() ([]byte, error) { return t.Time().AppendFormat(nil, timeForm), nil }

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) error {
	p, err := time.Parse(time.RFC3339Nano, string(b))
	if err != nil {
		return fmt.Errorf("%q is no time such as 2026-11-20T12:30:00Z", b)
	}
	*t = TimeOf(p)
	return nil
}

// String is RFC 3339.
func (t Time) String() string { return t.Time().Format(timeForm) }

// OptionalTime is a moment in a change: absent leaves what is there, null clears it, a time sets it.
// Fields of this type carry omitzero.
type OptionalTime struct {
	Sent bool
	Time *Time // nil when null was sent
}

// SomeTime sends a moment, or null for nil.
func SomeTime(t *Time) OptionalTime { return OptionalTime{Sent: true, Time: t} }

// UnmarshalJSON reads null or RFC 3339.
func (o *OptionalTime) UnmarshalJSON(b []byte) error {
	*o = OptionalTime{Sent: true}
	return json.Unmarshal(b, &o.Time)
}

// MarshalJSON writes null or RFC 3339.
func (o OptionalTime) MarshalJSON() ([]byte, error) { return json.Marshal(o.Time) }

// Date is a calendar day, YYYY-MM-DD.
type Date string

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is no date such as 2026-11-20", s)
	}
	return Date(s), nil
}

// InWords is the day as English writes it, for messages: 20 November 2026.
func (d Date) InWords() string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Format("2 January 2006")
}

// Start is the first moment of the day in a zone. Where a clock change leaves
// out midnight it is the first moment that exists; where midnight comes twice,
// the first one.
func (d Date) Start(zone *time.Location) (Time, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, fmt.Errorf("%q is no date such as 2026-11-20", string(d))
	}
	start := TimeOf(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone))
	const step = 15 * time.Minute // clocks change by multiples of it
	for start.Date(zone) < d {
		start = start.Add(step)
	}
	for start.Add(-step).Date(zone) >= d {
		start = start.Add(-step)
	}
	return start, nil
}

// Exists says whether a zone has the day: some left one out when they changed sides of the date line.
func (d Date) Exists(zone *time.Location) bool {
	start, err := d.Start(zone)
	return err == nil && start.Date(zone) == d
}

// Next is the day after in a zone.
func (d Date) Next(zone *time.Location) Date {
	next := d.AddDays(1)
	for range 7 { // no zone ever left out more than one
		if next.Exists(zone) {
			break
		}
		next = next.AddDays(1)
	}
	return next
}

// At is the first moment of the day at which clocks of a zone show hh:mm or, where a change leaves that out, later.
func (d Date) At(clock string, zone *time.Location) (Time, error) {
	wall, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, fmt.Errorf("%q is no time such as 07:30", clock)
	}
	t, err := d.Start(zone)
	if err != nil || t.Date(zone) != d { // a day that never was begins with the next
		return t, err
	}
	const change = 3 * hour // no clock was ever moved by more within a day
	wait := time.Duration(wall.Hour())*time.Hour + time.Duration(wall.Minute())*time.Minute
	for t = t.Add(max(0, wait-change)); t.Date(zone) == d; {
		local := t.Time().In(zone)
		shown := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
		if shown >= wait {
			return t, nil
		}
		t = t.Add(min(wait-shown, 15*time.Minute)) // clocks change by multiples of it
	}
	return t, nil
}

// DaysTo is how many days of the calendar lie between a date and a later one, negative where it is earlier.
func (d Date) DaysTo(e Date) int64 {
	from, err := time.Parse(time.DateOnly, string(d))
	to, err2 := time.Parse(time.DateOnly, string(e))
	if err != nil || err2 != nil {
		return 0
	}
	return int64(to.Sub(from) / (24 * time.Hour))
}

// AddDays moves a date by days of the calendar.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}
