package demo

import "onhand/db/staff"

// domain is where everybody of the demo has their address. It is reserved (RFC 2606), so no mail reaches anybody and nobody
// real is taken for one of them.
const domain = "@demo.invalid"

// PIN is what the staff of the demo take over a tablet with. It opens nothing without a device that was signed in.
const PIN = "2580"

// crew are those who work in the shop, each in one store or, in store 0, in both.
var crew = []struct {
	name, address string
	role          staff.Role
	store         int
}{
	{"Jonas Adler", "jonas", staff.Manager, 0},
	{"Lina Voss", "lina", staff.Employee, 1},
	{"Emre Kaya", "emre", staff.Employee, 1},
	{"Marta Nowak", "marta", staff.Employee, 2},
}

// branch is the second store.
var branch = words{"Market hall", "Markthalle"}

var givenNames = []string{"Anna", "Ben", "Clara", "David", "Elif", "Finn", "Greta", "Hannes", "Ida", "Jakob", "Katja", "Leon", "Mia", "Noah", "Olga",
	"Paul", "Rosa", "Samir", "Tilda", "Umut", "Vera", "Wanda", "Yara", "Zoe"}

var familyNames = []string{"Ahrens", "Becker", "Carstens", "Demir", "Eggert", "Fuchs", "Graf", "Hartwig", "Imhof", "Jansen", "Kessler", "Lorenz",
	"Moser", "Niemann", "Oswald", "Peters", "Quandt", "Richter", "Sommer", "Thiele", "Ulrich", "Vogt", "Winter", "Zimmer"}

// The words that people leave in the books.
var (
	delivered   = words{"Delivery", "Lieferung"}
	tooOld      = words{"Past its date", "Abgelaufen"}
	christmas   = words{"Left over from Christmas, given away", "Von Weihnachten übrig, verschenkt"}
	broken      = words{"Dropped", "Heruntergefallen"}
	changedMind = words{"Ordered twice by mistake", "Versehentlich doppelt bestellt"}
	goodwill    = words{"Regular customer", "Stammkunde"}
	dented      = words{"Dented", "Eingedellt"}
	please      = words{"Please leave it with the neighbours on the left.", "Bitte bei den Nachbarn links abgeben."}
	unwanted    = words{"Not what was expected", "Gefällt nicht"}
	damaged     = words{"Arrived damaged", "Beschädigt angekommen"}
)
