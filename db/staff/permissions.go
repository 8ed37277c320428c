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

// roles in their order.
var roles = []Role{Admin, Manager, Employee}

// table says who may do what: the whole of it on one screen. Whoever is not named may not. The last columns say what a
// PIN is enough for, which is not settings, people and what leaves the house, and what a program may be given: it lets
// nobody in.
var table = []struct {
	permission                           string
	admin, manager, employee, pin, token bool
}{
	{"orders.read", true, true, true, true, true},
	{"orders.create", true, true, true, true, true},
	{"orders.edit", true, true, true, true, true},
	{"orders.fulfil", true, true, true, true, true},
	{"orders.cancel", true, true, true, true, true},
	{"orders.return", true, true, true, true, true},
	{"discounts.write", true, true, false, true, true},
	{"payments.take", true, true, true, true, true},
	{"payments.refund", true, true, true, true, true},
	{"tills.use", true, true, true, true, true},
	{"tills.read", true, true, false, true, true},
	{"products.read", true, true, true, true, true},
	{"products.write", true, true, false, true, true},
	{"cost.read", true, true, false, true, true},
	{"suppliers.read", true, true, false, true, true},
	{"suppliers.write", true, true, false, true, true},
	{"purchases.read", true, true, true, true, true},
	{"purchases.write", true, true, false, true, true},
	{"stock.read", true, true, true, true, true},
	{"stock.adjust", true, true, true, true, true},
	{"customers.read", true, true, true, true, true},
	{"customers.write", true, true, true, true, true},
	{"events.read", true, true, true, true, true},
	{"exports.run", true, true, true, false, true},
	{"imports.run", true, true, false, false, true},
	{"jobs.run", true, true, false, false, true},
	{"reports.read", true, true, false, true, true},
	{"emails.read", true, true, false, false, true},
	{"emails.write", true, true, false, false, true},
	{"audit.read", true, true, false, false, true},
	{"locations.write", true, false, false, false, true},
	{"settings.read", true, true, false, false, true},
	{"settings.write", true, false, false, false, true},
	{"users.read", true, true, false, false, true},
	{"users.write", true, false, false, false, false},
	{"tokens.write", true, false, false, false, false},
}

// granted holds each role's set, made once: the sets are shared by all actors and never changed. permittedByPIN is what
// of them a PIN is enough for.
var granted, permittedByPIN = func() (all, pin map[Role]db.Permissions) {
	none := func() map[Role]db.Permissions { return map[Role]db.Permissions{Admin: {}, Manager: {}, Employee: {}} }
	all, pin = none(), none()
	for _, row := range table {
		for role, may := range map[Role]bool{Admin: row.admin, Manager: row.manager, Employee: row.employee} {
			if may {
				all[role][row.permission] = struct{}{}
			}
			if may && row.pin {
				pin[role][row.permission] = struct{}{}
			}
		}
	}
	return all, pin
}()

// forTokens is what a program may be given.
var forTokens = func() db.Permissions {
	p := db.Permissions{}
	for _, row := range table {
		if row.token {
			p[row.permission] = struct{}{}
		}
	}
	return p
}()

// Permissions are what a role may do; none for a role that does not exist.
func (r Role) Permissions() db.Permissions { return granted[r] }

// Known says whether a permission exists at all: a route that asks for another can never be called.
func Known(permission string) bool {
	_, ok := granted[Admin][permission]
	return ok
}

// PermissionRow says who holds one permission.
type PermissionRow struct {
	Permission string `json:"permission"`
	Admin      bool   `json:"admin"`
	Manager    bool   `json:"manager"`
	Employee   bool   `json:"employee"`
	PIN        bool   `json:"pin" doc:"whether a PIN is enough for it on a shared tablet"`
	Token      bool   `json:"token" doc:"whether a program may be given it"`
}

func permissionRows() []PermissionRow {
	rows := make([]PermissionRow, len(table))
	for i, r := range table {
		rows[i] = PermissionRow{r.permission, r.admin, r.manager, r.employee, r.pin, r.token}
	}
	return rows
}
