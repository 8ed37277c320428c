package staff

import "onhand/db"

// Role is what a member of staff is trusted with.
type Role string

// The roles, from the owner down.
const (
	Admin    Role = "admin"
	Manager  Role = "manager"
	Employee Role = "employee"
)

// table says who may do what: the whole of it on one screen. Whoever is not named may not.
var table = []struct {
	permission               string
	admin, manager, employee bool
}{
	{"orders.read", true, true, true},
	{"orders.create", true, true, true},
	{"orders.fulfil", true, true, true},
	{"orders.cancel", true, true, true},
	{"payments.take", true, true, true},
	{"products.read", true, true, true},
	{"products.write", true, true, false},
	{"cost.read", true, true, false},
	{"stock.read", true, true, true},
	{"stock.adjust", true, true, true},
	{"customers.read", true, true, true},
	{"customers.write", true, true, true},
	{"imports.run", true, true, false},
	{"locations.write", true, false, false},
	{"settings.read", true, true, false},
	{"settings.write", true, false, false},
	{"events.read", true, true, true},
	{"jobs.run", true, true, false},
	{"audit.read", true, true, false},
}

// granted holds each role's set, made once: the sets are shared by all actors and never changed.
var granted = func() map[Role]db.Permissions {
	sets := map[Role]db.Permissions{Admin: {}, Manager: {}, Employee: {}}
	for _, row := range table {
		for role, may := range map[Role]bool{Admin: row.admin, Manager: row.manager, Employee: row.employee} {
			if may {
				sets[role][row.permission] = struct{}{}
			}
		}
	}
	return sets
}()

// Permissions are what a role may do; none for a role that does not exist.
func (r Role) Permissions() db.Permissions { return granted[r] }

// Known says whether a permission exists at all: a route that asks for another can never be called.
func Known(permission string) bool { return Actor(User{Role: Admin}).Can(permission) }
