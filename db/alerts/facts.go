package alerts

import (
	"onhand/db"
	"onhand/db/money"
)

// The mails about alerts.
const (
	StockMail      = "stock-digest"
	NewOrdersMail  = "new-orders"
	MailBrokenMail = "mail-broken"
	SelfCheckMail  = "self-check"
)

// StockFacts are what a digest of the stock tells: what is new since the last one first.
type StockFacts struct {
	Sections []StockSection `json:"sections"`          // of the kinds out, low and over, in this order; none is empty
	Several  bool           `json:"several,omitempty"` // the shop has several stores, so each item names its own
	Stores   []string       `json:"stores,omitempty"`  // what it is limited to; empty for all
	Buys     bool           `json:"buys,omitempty"`    // whoever reads it may order goods
	Mode     AlertMode      `json:"mode"`
	Stop     string         `json:"stop"` // the token that ends these mails
}

// StockSection is one kind of a digest.
type StockSection struct {
	Kind      AlertKind   `json:"kind"`
	New       []StockItem `json:"new,omitempty"`
	Still     []StockItem `json:"still,omitempty"` // announced before and not recovered
	Recovered []StockItem `json:"recovered,omitempty"`
	// How many more there are than listed.
	MoreNew       int `json:"moreNew,omitempty"`
	MoreStill     int `json:"moreStill,omitempty"`
	MoreRecovered int `json:"moreRecovered,omitempty"`
}

// StockItem is one variant at one store.
type StockItem struct {
	VariantID    int64  `json:"variantId"`
	ProductID    int64  `json:"productId"`
	LocationID   int64  `json:"locationId"`
	SKU          string `json:"sku"`
	Name         string `json:"name"`
	Store        string `json:"store"`
	Available    int64  `json:"available"`
	Incoming     int64  `json:"incoming"`
	ReorderPoint int64  `json:"reorderPoint"`
	// ExpectedOn is when the first of what is incoming should come, nil where nobody says.
	ExpectedOn *db.Date `json:"expectedOn,omitempty" format:"date"`
	// MaxStock is the most that should be there, nil where nobody set it.
	MaxStock *int64 `json:"maxStock,omitempty"`
	// Cover is for how many days it lasts as it sells, nil when none was sold.
	Cover *int64 `json:"cover,omitempty"`
}

// NewOrdersFacts are web orders that came in: mostly one, many in a rush.
type NewOrdersFacts struct {
	Orders []NewOrderFacts `json:"orders"`
	More   int             `json:"more,omitempty"`
	Stop   string          `json:"stop"`
}

// NewOrderFacts are one of them.
type NewOrderFacts struct {
	ID       int64        `json:"id"`
	Number   string       `json:"number"`
	Customer string       `json:"customer"`
	Items    int64        `json:"items"` // units
	Total    money.Amount `json:"total"`
	Due      money.Amount `json:"due"`
	Currency string       `json:"currency"`
	Store    string       `json:"store"`
	PlacedAt db.Time      `json:"placedAt"`
}

// MailBrokenFacts tell, once mail works again, that it did not.
type MailBrokenFacts struct {
	Since   db.Time `json:"since"`
	Until   db.Time `json:"until"`
	Reply   string  `json:"reply"`   // the server's last words
	Waiting int64   `json:"waiting"` // mails that were late and leave now
	Dead    int64   `json:"dead"`    // mails that were given up meanwhile
}

// SelfCheckFacts are what the nightly self-check found.
type SelfCheckFacts struct {
	Findings []CheckFinding `json:"findings"`
	More     int            `json:"more,omitempty"`
}

// CheckFinding is one broken invariant.
type CheckFinding struct {
	Room    string `json:"room"`
	Rule    string `json:"rule"`
	Row     string `json:"row"`
	Message string `json:"message"`
}
