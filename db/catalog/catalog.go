// Package catalog is what the shop sells: products with options and variants, brands, categories and barcodes.
package catalog

import (
	"onhand/db"
	"onhand/db/money"
)

// Limits of what a product holds.
const (
	maxName        = 200
	maxDescription = 20_000
	maxSlug        = 200
	maxSKU         = 64
	maxLabel       = 100 // brands, categories, option values
	maxPath        = 900 // a category with all that is above it
	maxOptionName  = 40
	maxOptions     = 3
	maxVariants    = 250
	maxBarcodes    = 20
	maxImages      = 20
	maxAlt         = 300
	maxPack        = 1000
	maxReorder     = 1_000_000_000
	maxTags        = 50
	maxTag         = 40
	maxNotes       = 10_000

	defaultReorder = 10
)

// Policy says what happens when a variant is ordered beyond what is available.
type Policy string

// The policies: refuse the order, or take it and owe the goods.
const (
	Deny      Policy = "deny"
	Backorder Policy = "backorder"
)

// Product is what customers know by one name. It is sold as its variants; one without options has a single variant.
type Product struct {
	ID          int64      `json:"id"`
	Slug        string     `json:"slug"`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Brand       string     `json:"brand"`
	BrandID     *int64     `json:"brandId"`
	Category    string     `json:"category" doc:"with those above it: Home > Kitchen"`
	CategoryID  *int64     `json:"categoryId"`
	TaxRate     money.Rate `json:"taxRate"`
	Published   bool       `json:"published"`
	Archived    bool       `json:"archived"`
	ArchivedAt  *db.Time   `json:"archivedAt"`
	Options     []string   `json:"options"`
	Tags        []string   `json:"tags" bun:"-" doc:"words that the shop groups it by"`
	Notes       string     `json:"notes" doc:"for the staff only"`
	Variants    []Variant  `json:"variants" bun:"-"`
	Image       *Picture   `json:"image,omitempty" bun:"-" doc:"the first of its images"`
	Images      []Image    `json:"images" bun:"-"`
	Version     int64      `json:"version"`
	CreatedAt   db.Time    `json:"createdAt"`
	UpdatedAt   db.Time    `json:"updatedAt"`
	NameKey     string     `json:"-"`
}

// Variant is what is priced, stocked and sold. Its name is made of its option values ("L / Blue"), empty without options.
// Cost is there for those who may see it and where it is known.
type Variant struct {
	ID             int64             `json:"id"`
	SKU            string            `json:"sku"`
	Title          string            `json:"name"`
	Barcodes       []string          `json:"barcodes" bun:"-" doc:"of a single one"`
	Packs          []Pack            `json:"packs" bun:"-" doc:"codes of packs of it"`
	Options        map[string]string `json:"options"`
	Price          money.Amount      `json:"price"`
	CompareAtPrice *money.Amount     `json:"compareAtPrice"`
	SalePrice      *money.Amount     `json:"salePrice" doc:"what is charged from saleStarts and until saleEnds; null for no sale"`
	SaleStarts     *db.Time          `json:"saleStarts" format:"date-time" doc:"null for at once"`
	SaleEnds       *db.Time          `json:"saleEnds" format:"date-time" doc:"null for no end"`
	CurrentPrice   money.Amount      `json:"currentPrice" bun:"-" doc:"what is charged now"`
	Cost           *money.Amount     `json:"cost,omitempty"`
	ReorderPoint   int64             `json:"reorderPoint"`
	MaxStock       int64             `json:"maxStock" doc:"the most that should be there; 0 for no such limit"`
	Tracked        bool              `json:"tracked"`
	TracksLots     bool              `json:"tracksLots" doc:"whether its stock is kept apart by lot and the day it expires"`
	Policy         Policy            `json:"policy" enum:"deny,backorder"`
	Archived       bool              `json:"archived"`
	Image          *Picture          `json:"image,omitempty" bun:"-" doc:"the first of its own, else of those that show all variants"`
	Version        int64             `json:"version"`

	ProductID int64  `json:"-"`
	Position  int64  `json:"-"`
	Dropped   bool   `json:"-"`
	Name      string `json:"-"`
	Words     string `json:"-"`
	OptionKey string `json:"-"`
}

// Pack is a code on a pack of a variant: scanned, it stands for so many of it.
type Pack struct {
	Code     string `json:"code" minLength:"1" maxLength:"64"`
	Quantity int64  `json:"quantity" minimum:"2" maximum:"1000" doc:"how many are in the pack"`
}

// NewProduct is what it takes to make a product. What is absent: published true, the settings' defaultTaxRate, a generated slug.
type NewProduct struct {
	Name        string       `json:"name" maxLength:"200"`
	Slug        string       `json:"slug,omitempty" maxLength:"200"`
	Description string       `json:"description,omitempty" maxLength:"20000"`
	Brand       string       `json:"brand,omitempty" maxLength:"100"`
	Category    string       `json:"category,omitempty" maxLength:"900" doc:"one by its name, or by its path: Home > Kitchen. What is missing is made"`
	TaxRate     *money.Rate  `json:"taxRate,omitempty" minimum:"0" maximum:"100000" doc:"the settings' defaultTaxRate when left out"`
	Published   *bool        `json:"published,omitempty"`
	Options     []string     `json:"options,omitempty" maxItems:"3"`
	Tags        []string     `json:"tags,omitempty" maxItems:"50"`
	Notes       string       `json:"notes,omitempty" maxLength:"10000" doc:"for the staff only"`
	Variants    []NewVariant `json:"variants" minItems:"1" maxItems:"250"`
}

// NewVariant is a variant of a new product. What is absent: a generated sku, reorderPoint 10, tracked true, policy deny.
type NewVariant struct {
	SKU            string            `json:"sku,omitempty" maxLength:"64"`
	Barcodes       []string          `json:"barcodes,omitempty" maxItems:"20"`
	Packs          []Pack            `json:"packs,omitempty" maxItems:"20"`
	Options        map[string]string `json:"options,omitempty"`
	Price          money.Amount      `json:"price" minimum:"0" maximum:"9007199254740991"`
	CompareAtPrice *money.Amount     `json:"compareAtPrice,omitempty" nullable:"true" minimum:"0" maximum:"9007199254740991"`
	SalePrice      *money.Amount     `json:"salePrice,omitempty" nullable:"true" minimum:"0" maximum:"9007199254740991" doc:"at most the price"`
	SaleStarts     *db.Time          `json:"saleStarts,omitempty" nullable:"true" format:"date-time" doc:"null for at once"`
	SaleEnds       *db.Time          `json:"saleEnds,omitempty" nullable:"true" format:"date-time" doc:"null for no end"`
	Cost           *money.Amount     `json:"cost,omitempty" nullable:"true" minimum:"0" maximum:"9007199254740991"`
	ReorderPoint   *int64            `json:"reorderPoint,omitempty" minimum:"0" maximum:"1000000000"`
	MaxStock       *int64            `json:"maxStock,omitempty" minimum:"0" maximum:"1000000000" doc:"the most that should be there; 0 for no such limit"`
	Tracked        *bool             `json:"tracked,omitempty"`
	TracksLots     *bool             `json:"tracksLots,omitempty" doc:"false when left out; only what is tracked may"`
	Policy         Policy            `json:"policy,omitempty" enum:"deny,backorder"`
}

// ProductChange changes what it carries and leaves the rest.
type ProductChange struct {
	Version     *int64      `json:"version,omitempty"`
	Name        *string     `json:"name,omitempty" maxLength:"200"`
	Slug        *string     `json:"slug,omitempty" maxLength:"200"`
	Description *string     `json:"description,omitempty" maxLength:"20000"`
	Brand       *string     `json:"brand,omitempty" maxLength:"100" doc:"Empty for none"`
	Category    *string     `json:"category,omitempty" maxLength:"900" doc:"as of a new product; empty for none"`
	TaxRate     *money.Rate `json:"taxRate,omitempty" minimum:"0" maximum:"100000"`
	Published   *bool       `json:"published,omitempty"`
	Options     *[]string   `json:"options,omitempty" maxItems:"3"`
	Tags        *[]string   `json:"tags,omitempty" maxItems:"50" doc:"all of them"`
	Notes       *string     `json:"notes,omitempty" maxLength:"10000" doc:"for the staff only"`
	// Variants, when sent, are all of them: those with an id are changed, those without are made, those left out are archived.
	Variants []VariantChange `json:"variants,omitempty" maxItems:"250"`
	// KeepVariants leaves those that Variants leaves out (an import knows only some).
	KeepVariants bool `json:"-"`
	// AnyCost lets costs be set by who may not see them: those that were are no news.
	AnyCost bool `json:"-"`
}

// VariantChange changes what it carries of a variant, or makes one when it has no id; then it needs a price.
type VariantChange struct {
	ID             int64             `json:"id,omitempty"`
	SKU            *string           `json:"sku,omitempty" maxLength:"64"`
	Barcodes       *[]string         `json:"barcodes,omitempty" maxItems:"20" doc:"all of a single one; its packs stay"`
	Packs          *[]Pack           `json:"packs,omitempty" maxItems:"20" doc:"all of its packs; the other barcodes stay"`
	Options        map[string]string `json:"options,omitempty"`
	Price          *money.Amount     `json:"price,omitempty" minimum:"0" maximum:"9007199254740991"`
	CompareAtPrice money.Optional    `json:"compareAtPrice,omitzero"`
	SalePrice      money.Optional    `json:"salePrice,omitzero" doc:"at most the price; null ends the sale and forgets its times"`
	SaleStarts     db.OptionalTime   `json:"saleStarts,omitzero" doc:"null for at once"`
	SaleEnds       db.OptionalTime   `json:"saleEnds,omitzero" doc:"null for no end"`
	Cost           money.Optional    `json:"cost,omitzero"`
	ReorderPoint   *int64            `json:"reorderPoint,omitempty" minimum:"0" maximum:"1000000000"`
	MaxStock       *int64            `json:"maxStock,omitempty" minimum:"0" maximum:"1000000000" doc:"the most that should be there; 0 for no such limit"`
	Tracked        *bool             `json:"tracked,omitempty"`
	TracksLots     *bool             `json:"tracksLots,omitempty" doc:"on, what is there is in a lot without name and date; off only while no other lot is there"`
	Policy         *Policy           `json:"policy,omitempty" enum:"deny,backorder"`
}

// change is a new product as a change of nothing, so that both take one path.
func (n NewProduct) change() ProductChange {
	c := ProductChange{Name: &n.Name, Description: &n.Description, Brand: &n.Brand, Category: &n.Category,
		TaxRate: n.TaxRate, Published: n.Published, Options: &n.Options, Tags: &n.Tags, Notes: &n.Notes, Variants: make([]VariantChange, len(n.Variants))}
	if n.Slug != "" {
		c.Slug = &n.Slug
	}
	for i, v := range n.Variants {
		c.Variants[i] = VariantChange{SKU: &v.SKU, Barcodes: &v.Barcodes, Packs: &v.Packs, Options: v.Options, Price: &v.Price,
			ReorderPoint: v.ReorderPoint, MaxStock: v.MaxStock, Tracked: v.Tracked, TracksLots: v.TracksLots}
		if v.CompareAtPrice != nil {
			c.Variants[i].CompareAtPrice = money.Some(v.CompareAtPrice)
		}
		if v.SalePrice != nil || v.SaleStarts != nil || v.SaleEnds != nil {
			c.Variants[i].SalePrice, c.Variants[i].SaleStarts, c.Variants[i].SaleEnds = money.Some(v.SalePrice), db.SomeTime(v.SaleStarts), db.SomeTime(v.SaleEnds)
		}
		if v.Cost != nil {
			c.Variants[i].Cost = money.Some(v.Cost)
		}
		if v.Policy != "" {
			c.Variants[i].Policy = &v.Policy
		}
	}
	return c
}
