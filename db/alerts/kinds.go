// Package alerts is what is announced to whom, and the memory of what was. It reads what other rooms did and is called by
// none of them.
package alerts

import "slices"

// AlertKind is what an alert tells.
type AlertKind string

// The kinds of alert. The summary of the day is chosen like them.
const (
	Out        AlertKind = "out"
	Low        AlertKind = "low"
	Over       AlertKind = "over"
	WebOrder   AlertKind = "web_order"
	MailBroken AlertKind = "mail_broken"
	SelfCheck  AlertKind = "self_check"
	Summary    AlertKind = "summary"
)

// AlertMode is when somebody is told.
type AlertMode string

// The modes: within a minute, once an hour, once a day at the digest's time, or never.
const (
	Instant AlertMode = "instant"
	Hourly  AlertMode = "hourly"
	Daily   AlertMode = "daily"
	Off     AlertMode = "off"
)

// table says what there is to be told, on one screen: what it takes to be told, when the owner is without a word of
// theirs, and what may be chosen. Nobody else is told anything they did not ask for.
var table = []kindRow{
	{Out, "stock.read", Daily, []AlertMode{Instant, Hourly, Daily, Off}},
	{Low, "stock.read", Daily, []AlertMode{Instant, Hourly, Daily, Off}},
	{Over, "stock.read", Daily, []AlertMode{Instant, Hourly, Daily, Off}},
	{WebOrder, "orders.read", Instant, []AlertMode{Instant, Hourly, Daily, Off}},
	{Summary, "reports.read", Daily, []AlertMode{Daily, Off}},
	{MailBroken, "emails.read", Instant, []AlertMode{Instant, Off}},
	{SelfCheck, "settings.read", Instant, []AlertMode{Instant, Off}},
}

type kindRow struct {
	kind       AlertKind
	permission string
	owner      AlertMode
	modes      []AlertMode
}

// stockKinds are those of a variant at a store, in the order of a digest.
var stockKinds = []AlertKind{Out, Low, Over}

func isStock(k AlertKind) bool { return slices.Contains(stockKinds, k) }
