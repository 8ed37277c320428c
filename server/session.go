package server

import (
	"context"
	"net/http"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
)

// cookieAge is as long as browsers keep a cookie; how long a session lasts is decided here, not there.
const cookieAge = 400 * 24 * 60 * 60

// Session is who is signed in, to which shop, and what they may do.
type Session struct {
	User              staff.User    `json:"user"`
	Shop              Shop          `json:"shop"`
	Permissions       []string      `json:"permissions"`
	Locations         []LocationRef `json:"locations" doc:"those that the user may see"`
	DefaultLocationID int64         `json:"defaultLocationId"`
	Version           string        `json:"version" doc:"of the program"`
	// How the user came in.
	ByPIN  bool   `json:"byPin" doc:"a PIN opened this session: settings, people and exports need the password"`
	Locked bool   `json:"locked" doc:"only a PIN or a password goes on; of the user only name and role are told"`
	Needs  string `json:"needs" doc:"second_factor_needed while the role asks for one that is not set up yet, else empty"`
	HasPIN bool   `json:"hasPin"`
	// SecondFactor says whether a code follows the user's password.
	SecondFactor bool `json:"secondFactor"`
}

// Shop is what pages need to know of the shop to show anything.
type Shop struct {
	Name             string `json:"name"`
	Currency         string `json:"currency"`
	CurrencyDigits   int    `json:"currencyDigits"`
	TimeZone         string `json:"timeZone"`
	PricesIncludeTax bool   `json:"pricesIncludeTax"`
	Language         string `json:"language"`
	Address          string `json:"address" doc:"printed on receipts, as are the next two"`
	TaxNumber        string `json:"taxNumber"`
	ReceiptNote      string `json:"receiptNote"`
	ReceiptWidth     int    `json:"receiptWidth" doc:"in millimetres"`
	TillRequired     bool   `json:"tillRequired" doc:"whether cash needs an open till"`
	// TillTolerance is what a till may differ by without a reason.
	TillTolerance money.Amount `json:"tillTolerance" doc:"by how much a till may differ without a reason, in minor units"`
	// Demo says whether the shop is one to look around in.
	Demo settings.DemoState `json:"demo" enum:",filling,in" doc:"filling while the demo moves in, in once it is there, else empty"`
}

// LocationRef names a location.
type LocationRef struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type sessionRequest struct {
	Cookie    string `cookie:"onhand_session" hidden:"true"`
	UserAgent string `header:"User-Agent" hidden:"true"`
	Body      staff.Credentials
}

// started is a session with its cookie.
type started struct {
	Cookie string `header:"Set-Cookie"`
	Body   Session
}

type ended struct {
	Cookie string `header:"Set-Cookie"`
}

func (s *Server) signIn(ctx context.Context, in *sessionRequest) (*started, error) {
	session, err := s.sessions.SignIn(ctx, in.Body, staff.Origin{IP: db.ActorOf(ctx).IP, UserAgent: in.UserAgent})
	if err != nil {
		return nil, err
	}
	if in.Cookie != "" { // whoever signs in again leaves the old session
		if err := s.sessions.SignOut(ctx, in.Cookie); err != nil {
			s.log.Warn("the old session was not ended", "error", err)
		}
	}
	return s.started(ctx, session)
}

func (s *Server) session(ctx context.Context, _ *none) (*body[Session], error) {
	user, err := staff.MemberByID(ctx, s.db, db.ActorOf(ctx).ID)
	if err != nil {
		return nil, err
	}
	return reply(s.sessionOf(ctx, user))
}

func (s *Server) signOut(ctx context.Context, in *struct {
	Cookie string `cookie:"onhand_session" hidden:"true"`
}) (*ended, error) {
	if in.Cookie != "" {
		if err := s.sessions.SignOut(ctx, in.Cookie); err != nil {
			return nil, err
		}
	}
	return &ended{Cookie: s.cookie("", -1)}, nil
}

func (s *Server) started(ctx context.Context, session *staff.Started) (*started, error) {
	ctx = db.WithActor(ctx, session.Actor)
	user, err := staff.MemberByID(ctx, s.db, session.User.ID)
	if err != nil {
		return nil, err
	}
	view, err := s.sessionOf(ctx, user)
	if err != nil {
		return nil, err
	}
	return &started{Cookie: s.cookie(session.Token, cookieAge), Body: view}, nil
}

func (s *Server) sessionOf(ctx context.Context, user *staff.Member) (Session, error) {
	actor := db.ActorOf(ctx)
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return Session{}, err
	}
	locations, err := stock.Locations(ctx, s.db)
	if err != nil {
		return Session{}, err
	}
	view := Session{
		User:    user.User,
		Version: s.options.Version,
		Shop: Shop{Name: shop.Name, Currency: shop.Currency, CurrencyDigits: shop.CurrencyDigits, TimeZone: shop.TimeZone,
			PricesIncludeTax: shop.PricesIncludeTax, Language: shop.Language,
			Address: shop.Address, TaxNumber: shop.TaxNumber, ReceiptNote: shop.ReceiptNote, ReceiptWidth: shop.ReceiptWidth,
			TillRequired: shop.TillRequired, TillTolerance: shop.TillTolerance, Demo: shop.Demo},
		Permissions:       actor.Permissions.Names(),
		Locations:         make([]LocationRef, len(locations.Items)),
		DefaultLocationID: shop.DefaultLocationID,
		ByPIN:             actor.ByPIN,
		Locked:            actor.Locked,
		HasPIN:            user.HasPIN,
		SecondFactor:      user.SecondFactor,
	}
	if actor.Needs == "second_factor_needed" {
		view.Needs = actor.Needs
	}
	if actor.Locked { // whoever stands there may be somebody else
		view.User = staff.User{ID: user.ID, Name: user.Name, Role: user.Role, Status: user.Status}
		view.Locations, view.HasPIN, view.SecondFactor = []LocationRef{}, false, false
		return view, nil
	}
	for i, l := range locations.Items {
		view.Locations[i] = LocationRef{l.ID, l.Name}
	}
	return view, nil
}

func (s *Server) cookie(token string, age int) string {
	c := http.Cookie{Name: sessionCookie, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
	return c.String()
}
