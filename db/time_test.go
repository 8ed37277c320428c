package db_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata"

	"onhand/db"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestTheFirstMomentOfADay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, date, want string }{
		{"Europe/Berlin", "2026-11-20", "2026-11-20T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00"},
		{"UTC", "2026-01-01", "2026-01-01T00:00:00Z"},
		// Midnight is left out.
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"Asia/Beirut", "2026-03-29", "2026-03-29T01:00:00+03:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		// Midnight comes twice: the day starts with the first.
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},
		{"Atlantic/Azores", "2026-10-25", "2026-10-25T00:00:00Z"},
		// The hour before midnight comes twice: the day starts after the second.
		{"America/Santiago", "2026-04-05", "2026-04-05T00:00:00-04:00"},
		{"Asia/Beirut", "2026-10-25", "2026-10-25T00:00:00+02:00"},
		// Half an hour, and a day that never was: it is empty, before the next.
		{"Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30"},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
		{"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"},
	} {
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Date(c.date).Start(zone(t, c.zone))
		if err != nil || got != db.TimeOf(want) {
			t.Errorf("%s in %s starts %v (%v), want %v", c.date, c.zone, got.Time().In(zone(t, c.zone)), err, c.want)
		}
	}
}

// Report days must sum to the total: each moment belongs to one day, and a day
// is what lies between its start and the next one's.
func TestDaysFollowEachOtherWithoutGap(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Atlantic/Azores",
		"Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza", "America/Asuncion", "America/Scoresbysund", "Antarctica/Troll", "Africa/Casablanca",
	} {
		z := zone(t, name)
		for d := db.Date("2011-12-20"); d < "2036-01-01"; d = d.AddDays(1) {
			start, err := d.Start(z)
			if err != nil {
				t.Fatal(err)
			}
			if got := start.Date(z); got != d && (name != "Pacific/Apia" || d != "2011-12-30") {
				t.Errorf("%s: %s starts on %s", name, d, got)
			}
			if got := start.Add(-time.Millisecond).Date(z); got >= d {
				t.Errorf("%s: a moment before %s starts at %s it is %s already", name, d, start, got)
			}
		}
	}
}

func TestADateIsADayOfTheCalendar(t *testing.T) {
	t.Parallel()
	for s, ok := range map[string]bool{
		"2026-11-20": true, "2024-02-29": true, "2026-02-29": false, "2026-13-01": false, "2026-11-31": false,
		"": false, "20.11.2026": false, "2026-11-20T00:00:00Z": false, "2026-1-2": false,
	} {
		if _, err := db.ParseDate(s); (err == nil) != ok {
			t.Errorf("ParseDate(%q): %v", s, err)
		}
		if _, err := db.Date(s).Start(time.UTC); (err == nil) != ok {
			t.Errorf("Date(%q).Start: %v", s, err)
		}
	}
	if got := db.Date("2026-12-31").AddDays(1); got != "2027-01-01" {
		t.Errorf("the day after is %s", got)
	}
	if got := db.Date("2024-03-01").AddDays(-1); got != "2024-02-29" {
		t.Errorf("the day before is %s", got)
	}
	late := db.TimeOf(time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC))
	if got := late.Date(zone(t, "Europe/Berlin")); got != "2026-11-21" {
		t.Errorf("in Berlin it is %s", got)
	}
}

func TestTimeOnTheWireIsRFC3339(t *testing.T) {
	t.Parallel()
	at := db.TimeOf(time.Date(2026, 11, 20, 12, 30, 0, 7_900_000, time.UTC))
	b, err := json.Marshal(map[string]db.Time{"at": at})
	if err != nil || string(b) != `{"at":"2026-11-20T12:30:00.007Z"}` {
		t.Errorf("%s (%v)", b, err)
	}
	for s, want := range map[string]db.Time{
		`"2026-11-20T12:30:00.007Z"`:        at,
		`"2026-11-20T13:30:00.007+01:00"`:   at,
		`"2026-11-20T12:30:00.007999Z"`:     at,
		`"2026-11-20T12:30:00Z"`:            at - 7,
		`"1969-12-31T23:59:59.999Z"`:        -1,
		`"2026-11-20"`:                      0,
		`"yesterday"`:                       0,
		`12`:                                0,
		`"2026-11-20T12:30:00"`:             0,
		`"2026-02-30T12:30:00Z"`:            0,
		`"2026-11-20T25:30:00Z"`:            0,
		`{"at":"2026-11-20T12:30:00.007Z"}`: 0,
	} {
		var got db.Time
		if err := json.Unmarshal([]byte(s), &got); (err == nil) != (want != 0) || got != want {
			t.Errorf("%s is %v (%v), want %v", s, got, err, want)
		}
	}
	if at.Add(time.Minute).Sub(at) != time.Minute || at.String() != "2026-11-20T12:30:00.007Z" {
		t.Error("times do not add up")
	}
}

func TestNowStandsStillInATransaction(t *testing.T) {
	t.Parallel()
	clock := newClock()
	d := open(t, func(o *db.Options) { o.Now = clock.Now })
	for name, in := range map[string]func(func(*db.Tx) error){
		"write": func(fn func(*db.Tx) error) { write(t, d, fn) },
		"read":  func(fn func(*db.Tx) error) { read(t, d, fn) },
	} {
		in(func(tx *db.Tx) error {
			before := tx.Now
			clock.Forward(time.Hour)
			if tx.Now != before || before != db.TimeOf(clock.Now().Add(-time.Hour)) {
				t.Errorf("%s: now moved from %s to %s", name, before, tx.Now)
			}
			return nil
		})
	}
}

func TestTheMomentAClockShowsATime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, date, clock, want string }{
		{"Europe/Berlin", "2026-11-20", "07:00", "2026-11-20T07:00:00+01:00"},
		{"Europe/Berlin", "2026-11-20", "00:00", "2026-11-20T00:00:00+01:00"},
		{"Europe/Berlin", "2026-11-20", "23:59", "2026-11-20T23:59:00+01:00"},
		// An hour is left out: as soon as clocks are past it. An hour comes twice: the first time.
		{"Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", "2026-03-29", "07:07", "2026-03-29T07:07:00+02:00"},
		{"Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"},
		{"Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T03:00:00+01:00"},
		{"America/New_York", "2026-03-08", "02:30", "2026-03-08T03:00:00-04:00"},
		{"America/Santiago", "2026-09-06", "00:30", "2026-09-06T01:00:00-03:00"},
		{"America/Santiago", "2026-04-04", "23:30", "2026-04-04T23:30:00-03:00"},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"},
		{"Pacific/Apia", "2011-12-30", "07:00", "2011-12-31T00:00:00+14:00"}, // a day that never was
		{"Pacific/Apia", "2011-12-31", "07:00", "2011-12-31T07:00:00+14:00"},
	} {
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Date(c.date).At(c.clock, zone(t, c.zone))
		if err != nil || got != db.TimeOf(want) {
			t.Errorf("%s on %s in %s is %v (%v), want %v", c.clock, c.date, c.zone, got.Time().In(zone(t, c.zone)), err, c.want)
		}
	}
	if _, err := db.Date("2026-11-20").At("7 o'clock", time.UTC); err == nil {
		t.Error("a time that is none was read")
	}
	if got := db.Date("2011-12-29").Next(zone(t, "Pacific/Apia")); got != "2011-12-31" {
		t.Errorf("after the 29th came %s", got)
	}
}
