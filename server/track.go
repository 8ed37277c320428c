package server

import (
	"context"

	"onhand/db/sales"
	"onhand/db/settings"
)

// trackOrder is an order for whoever holds its link.
func (s *Server) trackOrder(ctx context.Context, in *struct {
	Token string `path:"token" maxLength:"100"`
}) (*body[*sales.TrackedOrder], error) {
	o, err := sales.Track(ctx, s.db, in.Token)
	if err != nil {
		return nil, err
	}
	shop, err := settings.Current(ctx, s.db)
	if err != nil {
		return nil, err
	}
	o.Shop, o.Address, o.TimeZone = shop.Name, shop.Address, shop.TimeZone
	return reply(o, nil)
}
