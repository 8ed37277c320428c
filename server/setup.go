package server

import (
	"context"
	"errors"

	"onhand/db"
	"onhand/db/auth"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
)

// Setup says whether the shop exists.
type Setup struct {
	Done bool `json:"done"`
}

// NewSetup is what makes the shop: the token from the first start, the shop, its owner and its first location.
type NewSetup struct {
	Token    string            `json:"token" maxLength:"200" doc:"printed at the first start"`
	Shop     settings.NewShop  `json:"shop"`
	Owner    staff.NewOwner    `json:"owner"`
	Location stock.NewLocation `json:"location"`
}

type setupRequest struct {
	UserAgent string `header:"User-Agent" hidden:"true"`
	Body      NewSetup
}

func (s *Server) setupState(ctx context.Context, _ *none) (*body[Setup], error) {
	done, err := s.isSetUp(ctx)
	return reply(Setup{done}, err)
}

// SetupToken is the token by itself, so that a wrong one is told before anything else is typed.
type SetupToken struct {
	Token string `json:"token" maxLength:"200"`
}

func (s *Server) checkSetupToken(_ context.Context, in *body[SetupToken]) (*none, error) {
	if !s.setup.is(in.Body.Token) {
		return nil, badSetupToken()
	}
	return nil, nil
}

func badSetupToken() error {
	return db.Errorf(db.Forbidden, "bad_setup_token", "This is not the set-up token. It was printed when Onhand first started.")
}

func (s *Server) isSetUp(ctx context.Context) (bool, error) {
	_, err := settings.Current(ctx, s.db)
	if db.CodeOf(err) == "not_set_up" {
		return false, nil
	}
	return err == nil, err
}

func (s *Server) setUp(ctx context.Context, in *setupRequest) (*started, error) {
	done, err := s.isSetUp(ctx)
	if err != nil {
		return nil, err
	}
	if done {
		return nil, db.Errorf(db.Conflict, "already_set_up", "This shop is set up already. Sign in.")
	}
	if !s.setup.is(in.Body.Token) {
		return nil, badSetupToken()
	}
	if err := in.Body.Owner.Check(in.Body.Shop.Name); err != nil {
		return nil, db.Blame(err, "owner")
	}
	hash, err := auth.HashPassword(ctx, in.Body.Owner.Password)
	if err != nil {
		return nil, err
	}
	var session *staff.Started
	err = db.Write(ctx, s.db, func(tx *db.Tx) (err error) {
		session, err = s.makeShop(tx, in, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.setup.spend()
	s.log.Info("the shop is set up", "shop", in.Body.Shop.Name)
	return s.started(ctx, session)
}

// makeShop stands here because no room stands above all of these.
func (s *Server) makeShop(tx *db.Tx, in *setupRequest, passwordHash string) (*staff.Started, error) {
	owner, err := staff.AddOwner(tx, in.Body.Owner, passwordHash)
	if err != nil {
		return nil, err
	}
	ip := tx.Actor.IP
	tx.Actor = staff.Owner(*owner)
	tx.Actor.IP = ip
	if _, err := settings.SetUp(tx, in.Body.Shop); err != nil {
		return nil, under(err, "shop")
	}
	if _, err := stock.CreateLocation(tx, in.Body.Location.Name); err != nil {
		return nil, under(err, "location")
	}
	return s.sessions.Begin(tx, *owner, staff.Origin{IP: ip, UserAgent: in.UserAgent})
}

// under blames a part of the input for an error about one of its fields; one about the whole stays so.
func under(err error, part string) error {
	var e *db.Error
	if errors.As(err, &e) && e.Field == "" {
		return err
	}
	return db.Blame(err, "%s", part)
}
