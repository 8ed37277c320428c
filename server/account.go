package server

import (
	"context"

	"onhand/db"
	"onhand/db/staff"
)

func (s *Server) forgotPassword(ctx context.Context, in *body[staff.ForgottenPassword]) (*body[staff.Received], error) {
	err := s.sessions.Forgot(ctx, in.Body)
	return reply(staff.Received{Message: "If there is an account of this address, a mail with a link is on its way."}, err)
}

func (s *Server) resetPassword(ctx context.Context, in *body[staff.PasswordReset]) (*none, error) {
	return nil, s.sessions.Reset(ctx, in.Body)
}

func (s *Server) changePassword(ctx context.Context, in *body[staff.PasswordChange]) (*none, error) {
	return nil, s.sessions.ChangePassword(ctx, in.Body)
}

func (s *Server) setPIN(ctx context.Context, in *body[staff.NewPIN]) (*none, error) {
	return nil, s.sessions.SetPIN(ctx, in.Body)
}

func (s *Server) removePIN(ctx context.Context, _ *none) (*none, error) {
	return nil, s.sessions.RemovePIN(ctx)
}

type switchRequest struct {
	UserAgent string `header:"User-Agent" hidden:"true"`
	Body      staff.PINSwitch
}

func (s *Server) switchUser(ctx context.Context, in *switchRequest) (*started, error) {
	session, err := s.sessions.Switch(ctx, in.Body, staff.Origin{IP: db.ActorOf(ctx).IP, UserAgent: in.UserAgent})
	if err != nil {
		return nil, err
	}
	return s.started(ctx, session)
}

type colleagueList struct {
	Q     string `query:"q" maxLength:"100" doc:"a part of the name"`
	Above string `query:"above" enum:"discount,refund,writeOff" doc:"only those whose limit is higher than yours, who may approve"`
}

func (s *Server) colleagues(ctx context.Context, in *colleagueList) (*body[db.Page[staff.Colleague]], error) {
	return reply(s.sessions.Colleagues(ctx, in.Q, db.Limit(in.Above)))
}

func (s *Server) lockSession(ctx context.Context, _ *none) (*none, error) {
	return nil, s.sessions.Lock(ctx)
}

type deviceList struct {
	UserID int64 `query:"userId" minimum:"1" doc:"another's, for those who may change people; your own when left out"`
}

func (s *Server) devices(ctx context.Context, in *deviceList) (*body[db.Page[staff.Device]], error) {
	return reply(staff.Devices(ctx, s.db, in.UserID))
}

func (s *Server) endDevice(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.sessions.EndDevice(ctx, in.ID)
}

func (s *Server) startFactor(ctx context.Context, in *body[staff.Confirmed]) (*body[*staff.NewFactor], error) {
	return reply(s.sessions.StartFactor(ctx, in.Body))
}

func (s *Server) confirmFactor(ctx context.Context, in *body[staff.FactorCode]) (*body[*staff.RecoveryCodes], error) {
	return reply(s.sessions.ConfirmFactor(ctx, in.Body))
}

func (s *Server) renewRecoveryCodes(ctx context.Context, in *body[staff.Confirmed]) (*body[*staff.RecoveryCodes], error) {
	return reply(s.sessions.RenewRecoveryCodes(ctx, in.Body))
}

func (s *Server) removeFactor(ctx context.Context, in *body[staff.Confirmed]) (*none, error) {
	return nil, s.sessions.RemoveFactor(ctx, in.Body)
}
