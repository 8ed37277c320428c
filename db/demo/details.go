package demo

import "slices"

// tags are what the shop groups its goods by, each with the brands and articles that have it.
var tags = []struct {
	words
	on []string
}{
	{words{"Regional", "Regional"}, []string{"Feldmohn", "Quellinger", "Perlbach", "Hollerberg"}},
	{words{"Organic", "Bio"}, []string{"Feldmohn", "Torvane", "Hay milk yoghurt", "Farm eggs, six", "Olive oil, early harvest", "Dark chocolate 72 %"}},
	{words{"Vegan", "Vegan"}, []string{"Red lentils", "Beluga lentils", "Oat flakes, coarse", "Spaghetti from bronze dies", "Dark chocolate 72 %", "Apricot jam", "Rhubarb spritzer"}},
	{words{"Chilled", "Gekühlt"}, []string{"Quellinger"}},
	{words{"Gift idea", "Geschenkidee"}, []string{"Kupferkrug", "Nougat cubes", "Forest honey", "Sparkling elderflower", "Olive oil, early harvest", "House espresso, whole bean"}},
}

func (a *article) tags(language string) (all []string) {
	for _, t := range tags {
		if slices.Contains(t.on, a.brand) || slices.Contains(t.on, a.name.en) {
			all = append(all, t.in(language))
		}
	}
	return all
}

// boxes are how many come in a box with a code of its own, of some wares.
var boxes = map[string]int64{
	"Spaghetti from bronze dies":   12,
	"Tomatoes, peeled":             12,
	"Olive oil, mild500 ml":        6,
	"Dark chocolate 72 %":          12,
	"Milk chocolate with hazelnut": 12,
	"Apple juice, cloudy0.7 l":     6,
	"Rhubarb spritzer":             12,
	"Mineral water, still":         12,
	"White wine Steinterrassen":    6,
	"Red wine Alter Hang":          6,
}

// notes are what the staff tell each other about an article.
var notes = map[string]words{
	"House espresso, whole bean": {"Ground on request: ask for the machine.", "Mahlen wir auf Wunsch: nach der Maschine fragen."},
	"Mountain cheese, 6 months":  {"Let people taste. A new wheel is cut on Fridays.", "Kosten lassen. Freitags wird ein neuer Laib angeschnitten."},
	"Farm eggs, six":             {"We take empty boxes back.", "Leere Schachteln nehmen wir zurück."},
	"Olive oil, early harvest":   {"Keep out of the window, it does not like light.", "Nicht ins Fenster stellen, es verträgt kein Licht."},
	"Mulled wine":                {"Try it warm before you recommend it.", "Erst warm probieren, dann empfehlen."},
}

// view is one more picture of an article: of one of its sizes, or of another side of it.
type view struct {
	article, size string
	form          form
	hue           uint32
	alt           words
}

var views = []view{
	{"House espresso, whole bean", "", mug, 0x6b3f2a, words{"A cup of house espresso", "Eine Tasse Hausespresso"}},
	{"Mountain cheese, 6 months", "", wheel, 0xf2c14e, words{"A whole wheel of mountain cheese", "Ein ganzer Laib Bergkäse"}},
	{"Stoneware mug", "Sand", mug, 0xcbb994, words{"Stoneware mug in sand", "Steingutbecher in Sand"}},
	{"Stoneware mug", "Moss", mug, 0x6b7f4e, words{"Stoneware mug in moss green", "Steingutbecher in Moosgrün"}},
	{"Linen tea towel", "Blue stripe", cloth, 0x1d4e89, words{"Linen tea towel with a blue stripe", "Geschirrtuch aus Leinen mit blauem Streifen"}},
}
