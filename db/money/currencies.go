package money

import (
	"maps"
	"slices"
	"strings"
)

// minorUnits is ISO 4217: how many decimals the amounts of a currency have. Codes without minor units (gold, test codes) are absent.
var minorUnits = currencies(map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP" +
		" CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD" +
		" KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR" +
		" PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU" +
		" UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
})

func currencies(byDecimals map[int]string) map[string]int {
	table := map[string]int{}
	for decimals, codes := range byDecimals {
		for code := range strings.FieldsSeq(codes) {
			table[code] = decimals
		}
	}
	return table
}

// Decimals returns how many decimals amounts of a currency have (EUR 2, JPY 0, KWD 3), and whether its ISO 4217 code is known.
func Decimals(currency string) (int, bool) {
	n, ok := minorUnits[currency]
	return n, ok
}

// Currencies returns the ISO 4217 codes a shop can keep its books in, sorted.
func Currencies() []string { return slices.Sorted(maps.Keys(minorUnits)) }
