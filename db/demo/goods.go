package demo

// words are a name in the languages that shops speak.
type words struct{ en, de string }

func (w words) in(language string) string {
	if language == "de" {
		return w.de
	}
	return w.en
}

// hall is a category at the top, with what its picture shows.
type hall struct {
	words
	form form
	hue  uint32
}

// aisle is a category in a hall, with the tax of what lies there in thousandths of a percent.
type aisle struct {
	words
	hall *hall
	form form
	hue  uint32
	tax  int64
}

// path is how the catalogue calls it, with its hall.
func (a aisle) path(language string) string { return a.hall.in(language) + " > " + a.in(language) }

const (
	food  = 7_000
	goods = 19_000
)

// What these rates are called.
var (
	fullRate = words{"Standard", "Regelsatz"}
	lowRate  = words{"Reduced", "Ermäßigt"}
)

var (
	breakfast = &hall{words{"Breakfast", "Frühstück"}, mug, 0x8f5d3b}
	larder    = &hall{words{"Larder", "Vorratskammer"}, jar, 0x4f772d}
	fresh     = &hall{words{"Fresh", "Frisches"}, wheel, 0xe0b040}
	treats    = &hall{words{"Sweet things", "Süße Sachen"}, box, 0xb56576}
	drinks    = &hall{words{"Drinks", "Getränke"}, bottle, 0x457b9d}
	home      = &hall{words{"Home", "Haushalt"}, board, 0x6d597a}
)

var (
	coffee  = aisle{words{"Coffee & tea", "Kaffee & Tee"}, breakfast, bag, 0x7a4a2b, food}
	spreads = aisle{words{"Spreads", "Aufstriche"}, breakfast, jar, 0xd1495b, food}
	pantry  = aisle{words{"Pantry", "Vorrat"}, larder, box, 0x3a6ea5, food}
	oils    = aisle{words{"Oil & vinegar", "Öl & Essig"}, larder, bottle, 0x7f8f2b, food}
	spices  = aisle{words{"Spices", "Gewürze"}, larder, shaker, 0xbb3e03, food}
	cheese  = aisle{words{"Cheese", "Käse"}, fresh, wedge, 0xe9b949, food}
	dairy   = aisle{words{"Dairy & eggs", "Molkerei & Eier"}, fresh, jar, 0xbcd4e6, food}
	sweets  = aisle{words{"Sweets", "Süßes"}, treats, bar, 0x6f4518, food}
	season  = aisle{words{"Winter shelf", "Winterregal"}, treats, candle, 0xa4161a, food}
	soft    = aisle{words{"Juice & lemonade", "Saft & Limonade"}, drinks, bottle, 0xf4a259, goods}
	wine    = aisle{words{"Wine", "Wein"}, drinks, bottle, 0x722f37, goods}
	kitchen = aisle{words{"Kitchen", "Küche"}, home, mug, 0x5e7f8e, goods}
	table   = aisle{words{"Linen & light", "Leinen & Licht"}, home, cloth, 0x5a7d7c, goods}
)

// article is a product of the invented shop. Prices are for a currency of two decimals.
type article struct {
	name   words
	brand  string
	aisle  aisle
	form   form
	hue    uint32 // of its label, 0xRRGGBB
	pace   int    // how often its first size is bought, among the others
	keeps  int    // days until a delivery expires, 0 for never
	winter bool   // there before Christmas alone
	sizes  []size // one for what comes in one size
}

// size is a variant: what it is called, what it costs and is sold for.
type size struct {
	name        words
	price, cost int64
}

func one(price, cost int64) []size { return []size{{price: price, cost: cost}} }

func sized(name string, price, cost int64) size { return size{words{name, name}, price, cost} }

// option is what sizes are told apart by.
var option = words{"Size", "Größe"}

// articles is all that the shop sells. Names and brands are made up.
var articles = []article{
	{words{"House espresso, whole bean", "Hausespresso, ganze Bohne"}, "Brombeck", coffee, bag, 0x6b3f2a, 10, 0, false, []size{sized("250 g", 790, 410), sized("500 g", 1490, 780), sized("1 kg", 2790, 1490)}},
	{words{"Filter coffee Morgenweg", "Filterkaffee Morgenweg"}, "Brombeck", coffee, bag, 0xb5651d, 8, 0, false, []size{sized("250 g", 750, 390), sized("500 g", 1390, 740)}},
	{words{"Decaf Abendrot", "Entkoffeiniert Abendrot"}, "Brombeck", coffee, bag, 0x8c2f39, 3, 0, false, []size{sized("250 g", 850, 460)}},
	{words{"Smoky black tea", "Rauchiger Schwarztee"}, "Torvane", coffee, tin, 0x2f3e46, 4, 0, false, []size{sized("100 g", 890, 420)}},
	{words{"Mountain herbs tea", "Bergkräutertee"}, "Torvane", coffee, tin, 0x6a994e, 5, 0, false, []size{sized("50 g", 590, 260), sized("100 g", 990, 450)}},
	{words{"Rooibos vanilla", "Rooibos Vanille"}, "Torvane", coffee, tin, 0xbc4749, 3, 0, false, []size{sized("100 g", 790, 360)}},
	{words{"Drinking chocolate", "Trinkschokolade"}, "Haseltal", coffee, tin, 0x5c4033, 4, 0, false, []size{sized("250 g", 890, 450)}},

	{words{"Spaghetti from bronze dies", "Spaghetti aus Bronzeformen"}, "Lupina & Figli", pantry, box, 0x1d5c8a, 9, 0, false, one(290, 140)},
	{words{"Penne rigate", "Penne rigate"}, "Lupina & Figli", pantry, box, 0x2a9d8f, 8, 0, false, one(270, 130)},
	{words{"Orecchiette", "Orecchiette"}, "Lupina & Figli", pantry, box, 0xe76f51, 4, 0, false, one(340, 170)},
	{words{"Risotto rice", "Risottoreis"}, "Lupina & Figli", pantry, box, 0x588157, 4, 0, false, []size{sized("500 g", 390, 190), sized("1 kg", 690, 350)}},
	{words{"Tomatoes, peeled", "Tomaten, geschält"}, "Lupina & Figli", pantry, tin, 0xd62828, 9, 0, false, one(190, 85)},
	{words{"Red lentils", "Rote Linsen"}, "Feldmohn", pantry, bag, 0xe07a5f, 4, 0, false, one(320, 150)},
	{words{"Beluga lentils", "Belugalinsen"}, "Feldmohn", pantry, bag, 0x353535, 2, 0, false, one(390, 190)},
	{words{"Oat flakes, coarse", "Haferflocken, kernig"}, "Feldmohn", pantry, bag, 0xc9a227, 6, 0, false, one(220, 95)},
	{words{"Crunchy muesli", "Knuspermüsli"}, "Feldmohn", pantry, bag, 0xd4a373, 5, 0, false, []size{sized("375 g", 490, 230), sized("750 g", 850, 410)}},
	{words{"Sardines in olive oil", "Sardinen in Olivenöl"}, "Saltmere", pantry, tin, 0x0077b6, 4, 0, false, one(450, 220)},
	{words{"Smoked mackerel", "Räuchermakrele"}, "Saltmere", pantry, tin, 0xf4a261, 3, 0, false, one(390, 190)},
	{words{"Fish soup", "Fischsuppe"}, "Saltmere", pantry, jar, 0xc1440e, 2, 0, false, one(690, 340)},

	{words{"Olive oil, mild", "Olivenöl, mild"}, "Lupina & Figli", oils, bottle, 0x8a9a3b, 6, 0, false, []size{sized("250 ml", 690, 360), sized("500 ml", 1190, 640), sized("1 l", 1990, 1120)}},
	{words{"Olive oil, early harvest", "Olivenöl, frühe Ernte"}, "Lupina & Figli", oils, bottle, 0x386641, 3, 0, false, []size{sized("500 ml", 1690, 940)}},
	{words{"Pumpkin seed oil", "Kürbiskernöl"}, "Feldmohn", oils, bottle, 0x283618, 2, 0, false, one(1290, 700)},
	{words{"Apple vinegar, cloudy", "Apfelessig, naturtrüb"}, "Feldmohn", oils, bottle, 0xdda15e, 3, 0, false, one(490, 210)},
	{words{"Balsamic cream", "Balsamicocreme"}, "Lupina & Figli", oils, bottle, 0x3c1518, 3, 0, false, one(650, 310)},

	{words{"Mountain cheese, 6 months", "Bergkäse, 6 Monate"}, "Quellinger", cheese, wedge, 0xf2c14e, 9, 90, false, []size{sized("200 g", 590, 330), sized("400 g", 1090, 640)}},
	{words{"Soft cheese with ash", "Weichkäse mit Asche"}, "Quellinger", cheese, wheel, 0x9aa0a6, 4, 50, false, one(490, 260)},
	{words{"Sheep's cheese in brine", "Schafskäse in Lake"}, "Quellinger", cheese, wheel, 0x90be6d, 6, 75, false, one(390, 190)},
	{words{"Blue cheese", "Blauschimmelkäse"}, "Quellinger", cheese, wedge, 0x577590, 3, 60, false, one(520, 280)},
	{words{"Hay milk yoghurt", "Heumilchjoghurt"}, "Quellinger", dairy, jar, 0xa8dadc, 10, 18, false, one(190, 95)},
	{words{"Cultured butter", "Sauerrahmbutter"}, "Quellinger", dairy, box, 0xffd166, 8, 60, false, one(340, 190)},
	{words{"Farm eggs, six", "Hofeier, sechs Stück"}, "Quellinger", dairy, box, 0xbc6c25, 10, 21, false, one(320, 180)},
	{words{"Herb quark", "Kräuterquark"}, "Quellinger", dairy, jar, 0x52b788, 5, 14, false, one(260, 130)},

	{words{"Dark chocolate 72 %", "Zartbitter 72 %"}, "Haseltal", sweets, bar, 0x4e342e, 8, 0, false, one(340, 160)},
	{words{"Milk chocolate with hazelnut", "Vollmilch mit Haselnuss"}, "Haseltal", sweets, bar, 0xa0522d, 9, 0, false, one(340, 165)},
	{words{"White chocolate with raspberry", "Weiße Schokolade mit Himbeere"}, "Haseltal", sweets, bar, 0xe5989b, 4, 0, false, one(360, 175)},
	{words{"Nougat cubes", "Nougatwürfel"}, "Haseltal", sweets, box, 0x774936, 4, 0, false, []size{sized("125 g", 590, 290), sized("250 g", 1090, 550)}},
	{words{"Butter biscuits", "Butterkekse"}, "Pellworth", sweets, box, 0x3d5a80, 6, 0, false, one(290, 130)},
	{words{"Ginger biscuits", "Ingwerkekse"}, "Pellworth", sweets, box, 0xee6c4d, 4, 0, false, one(320, 145)},
	{words{"Liquorice, salted", "Lakritz, salzig"}, "Pellworth", sweets, bag, 0x22223b, 3, 0, false, one(250, 110)},
	{words{"Fruit gums", "Fruchtgummi"}, "Pellworth", sweets, bag, 0xff595e, 6, 0, false, one(220, 95)},

	{words{"Apricot jam", "Aprikosenkonfitüre"}, "Feldmohn", spreads, jar, 0xf3722c, 6, 0, false, one(490, 230)},
	{words{"Blackcurrant jelly", "Johannisbeergelee"}, "Feldmohn", spreads, jar, 0x5a189a, 4, 0, false, one(490, 235)},
	{words{"Forest honey", "Waldhonig"}, "Feldmohn", spreads, jar, 0xc77d0a, 6, 0, false, []size{sized("250 g", 590, 320), sized("500 g", 990, 560)}},
	{words{"Hazelnut spread", "Haselnusscreme"}, "Haseltal", spreads, jar, 0x7f4f24, 7, 0, false, one(590, 290)},
	{words{"Pesto with basil", "Pesto mit Basilikum"}, "Lupina & Figli", spreads, jar, 0x2d6a4f, 6, 0, false, one(490, 240)},
	{words{"Mustard, medium hot", "Senf, mittelscharf"}, "Ottokar", spreads, jar, 0xe9c46a, 5, 0, false, one(290, 120)},

	{words{"Black pepper, whole", "Schwarzer Pfeffer, ganz"}, "Ottokar", spices, shaker, 0x343a40, 4, 0, false, one(490, 190)},
	{words{"Sweet paprika", "Paprika, edelsüß"}, "Ottokar", spices, shaker, 0xd00000, 4, 0, false, one(390, 140)},
	{words{"Curry blend", "Currymischung"}, "Ottokar", spices, shaker, 0xf9a620, 3, 0, false, one(450, 170)},
	{words{"Sea salt flakes", "Meersalzflocken"}, "Saltmere", spices, box, 0x8ecae6, 4, 0, false, one(550, 240)},
	{words{"Cinnamon, ground", "Zimt, gemahlen"}, "Ottokar", spices, shaker, 0x9c6644, 3, 0, false, one(350, 120)},

	{words{"Apple juice, cloudy", "Apfelsaft, naturtrüb"}, "Perlbach", soft, bottle, 0xe0a106, 8, 0, false, []size{sized("0.7 l", 290, 140), sized("3 l", 990, 520)}},
	{words{"Rhubarb spritzer", "Rhabarberschorle"}, "Perlbach", soft, bottle, 0xf28482, 8, 0, false, one(180, 80)},
	{words{"Mineral water, still", "Mineralwasser, still"}, "Perlbach", soft, bottle, 0x48cae4, 9, 0, false, one(110, 40)},
	{words{"Ginger lemonade", "Ingwerlimonade"}, "Perlbach", soft, bottle, 0xf6bd60, 6, 0, false, one(210, 95)},
	{words{"White wine Steinterrassen", "Weißwein Steinterrassen"}, "Hollerberg", wine, bottle, 0xb5c99a, 5, 0, false, one(890, 470)},
	{words{"Red wine Alter Hang", "Rotwein Alter Hang"}, "Hollerberg", wine, bottle, 0x6d071a, 5, 0, false, one(990, 530)},
	{words{"Sparkling elderflower", "Holunderblütensecco"}, "Hollerberg", wine, bottle, 0xdde5b6, 4, 0, false, one(1090, 580)},

	{words{"Stoneware mug", "Steingutbecher"}, "Kupferkrug", kitchen, mug, 0x3a7ca5, 6, 0, false, []size{{words{"Sea blue", "Meerblau"}, 1690, 820}, {words{"Sand", "Sand"}, 1690, 820}, {words{"Moss", "Moos"}, 1790, 860}}},
	{words{"Coffee filter of porcelain", "Kaffeefilter aus Porzellan"}, "Kupferkrug", kitchen, mug, 0xadb5bd, 2, 0, false, one(2490, 1290)},
	{words{"Linen tea towel", "Geschirrtuch aus Leinen"}, "Kupferkrug", table, cloth, 0x9d0208, 4, 0, false, []size{{words{"Red stripe", "Roter Streifen"}, 1290, 610}, {words{"Blue stripe", "Blauer Streifen"}, 1290, 610}}},
	{words{"Chopping board, oak", "Schneidebrett, Eiche"}, "Kupferkrug", kitchen, board, 0xa47148, 4, 0, false, []size{{words{"Small", "Klein"}, 2490, 1290}, {words{"Large", "Groß"}, 3990, 2150}}},
	{words{"Cotton bag with our name", "Stofftasche mit unserem Namen"}, "Kupferkrug", table, cloth, 0x2b9348, 4, 0, false, one(390, 140)},
	{words{"Beeswax candles, pair", "Bienenwachskerzen, Paar"}, "Kupferkrug", table, candle, 0xe6b325, 2, 0, false, one(1190, 560)},

	{words{"Gingerbread hearts", "Lebkuchenherzen"}, "Pellworth", season, box, 0x7b2d26, 9, 0, true, one(490, 220)},
	{words{"Stollen with marzipan", "Marzipanstollen"}, "Pellworth", season, box, 0xc1121f, 7, 0, true, []size{sized("500 g", 1190, 590), sized("1 kg", 1990, 1040)}},
	{words{"Mulled wine", "Glühwein"}, "Hollerberg", season, bottle, 0x9b2226, 7, 0, true, one(690, 340)},
	{words{"Advent tea", "Adventstee"}, "Torvane", season, tin, 0x7f5539, 5, 0, true, one(790, 370)},
	{words{"Spiced almonds", "Gewürzmandeln"}, "Haseltal", season, bag, 0xb23a48, 6, 0, true, one(450, 200)},
}
