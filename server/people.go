package server

import (
	"context"

	"onhand/db"
	"onhand/db/staff"
)

type userList struct {
	Paging
	Status staff.UserStatus `query:"status" enum:"active,disabled" doc:"both when left out"`
}

func (s *Server) users(ctx context.Context, in *userList) (*body[db.Page[staff.Member]], error) {
	return reply(staff.Members(ctx, s.db, staff.MemberFilter{List: in.list(), Status: in.Status}))
}

func (s *Server) user(ctx context.Context, in *ByID) (*body[*staff.Member], error) {
	return reply(staff.MemberByID(ctx, s.db, in.ID))
}

func (s *Server) changeUser(ctx context.Context, in *change[staff.MemberChange]) (*body[*staff.Member], error) {
	return reply(s.sessions.ChangeMember(ctx, in.ID, in.Body))
}

func (s *Server) disableUser(ctx context.Context, in *command[staff.MemberCommand]) (*body[*staff.Member], error) {
	return reply(s.sessions.Disable(ctx, in.ID, in.input()))
}

func (s *Server) enableUser(ctx context.Context, in *command[staff.MemberCommand]) (*body[*staff.Member], error) {
	return reply(s.sessions.Enable(ctx, in.ID, in.input()))
}

func (s *Server) signOutUser(ctx context.Context, in *ByID) (*body[*staff.Member], error) {
	return reply(s.sessions.SignOutMember(ctx, in.ID))
}

func (s *Server) removeUserFactor(ctx context.Context, in *command[staff.MemberCommand]) (*body[*staff.Member], error) {
	return reply(s.sessions.RemoveMemberFactor(ctx, in.ID, in.input()))
}

func (s *Server) register(ctx context.Context, in *body[staff.NewRegistration]) (*body[staff.Received], error) {
	err := s.sessions.Register(ctx, in.Body)
	return reply(staff.Received{Message: "Thank you. Somebody looks at this and you get a mail."}, err)
}

type registrationList struct {
	Paging
	Status staff.UserStatus `query:"status" enum:"pending,active,disabled,rejected" doc:"pending when left out"`
}

func (s *Server) registrations(ctx context.Context, in *registrationList) (*body[db.Page[staff.Registration]], error) {
	return reply(staff.Registrations(ctx, s.db, in.Status, in.list()))
}

func (s *Server) approveRegistration(ctx context.Context, in *change[staff.RegistrationApproval]) (*body[*staff.Registration], error) {
	return reply(s.sessions.ApproveRegistration(ctx, in.ID, in.Body))
}

func (s *Server) rejectRegistration(ctx context.Context, in *command[staff.Rejection]) (*body[*staff.Registration], error) {
	return reply(s.sessions.RejectRegistration(ctx, in.ID, in.input()))
}

func (s *Server) permissions(ctx context.Context, _ *none) (*body[*staff.RoleTable], error) {
	return reply(staff.PermissionTable(ctx, s.db))
}

type roleChange struct {
	Role staff.Role `path:"role" enum:"admin,manager,employee"`
	Body staff.RoleChange
}

func (s *Server) changeRole(ctx context.Context, in *roleChange) (*body[*staff.RoleTable], error) {
	return reply(s.sessions.ChangeRole(ctx, in.Role, in.Body))
}

func (s *Server) tokens(ctx context.Context, in *Paging) (*body[db.Page[staff.APIToken]], error) {
	return reply(staff.Tokens(ctx, s.db, in.list()))
}

func (s *Server) createToken(ctx context.Context, in *body[staff.NewAPIToken]) (*body[*staff.APIToken], error) {
	return reply(s.sessions.CreateToken(ctx, in.Body))
}

func (s *Server) revokeToken(ctx context.Context, in *ByID) (*none, error) {
	return nil, s.sessions.RevokeToken(ctx, in.ID)
}
