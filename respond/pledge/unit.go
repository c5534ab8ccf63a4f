package pledge

import (
	"slices"
	"strings"
	"unicode"

	"github.com/trucewatch/truce"
)

// currencies are the codes of ISO 4217 (list one, amendments to 2025) for money that is spent,
// with ANG beside XCG, which replaced it, and XTS, which the standard keeps for testing: the
// money of invented states.
var currencies = strings.Fields("AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK " +
	"DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT " +
	"LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF " +
	"SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST " +
	"XAF XCD XCG XDR XOF XPF XTS YER ZAR ZMW ZWG")

// moneyWords are words for money that say no code.
var moneyWords = []string{"euro", "euros", "dollar", "dollars", "hryvnia", "hryvnias", "zloty", "zlotys", "krona", "kronor", "krone", "kroner", "sterling", "євро", "долар", "доларів", "гривня", "гривень"}

// isCurrency says whether a text is a code of ISO 4217 in capital letters.
func isCurrency(text string) bool {
	return slices.Contains(currencies, text)
}

// Money says whether a unit is a currency: such amounts are added per currency only.
func Money(unit string) bool { return isCurrency(Unit(unit)) }

// Unit is a unit as it stands in the account: a currency in the capital letters of ISO 4217,
// however it was written, so that eur and EUR are one money; a unit of things as it is.
func Unit(text string) string {
	text = strings.TrimSpace(text)
	if code := strings.ToUpper(text); isCurrency(code) {
		return code
	}
	return text
}

// checkUnit refuses what is meant for money and is no code of a currency.
func checkUnit(what, unit string) error {
	if unit == "" {
		return truce.Errorf(truce.CodeInvalid, "%s: needs a unit: pieces, persons, packages or a currency such as EUR", what)
	}
	code := len(unit) == 3 && strings.IndexFunc(unit, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
	words := strings.FieldsFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
	meant := code || strings.IndexFunc(unit, func(r rune) bool { return unicode.Is(unicode.Sc, r) }) >= 0 || slices.ContainsFunc(words, func(w string) bool {
		return isCurrency(w) || slices.Contains(moneyWords, strings.ToLower(w))
	})
	if meant && !isCurrency(unit) {
		return truce.Errorf(truce.CodeInvalid, "%s: the unit is %.40q; write money as the three letters of its currency in ISO 4217, e.g. EUR, and the whole amount as the quantity", what, unit)
	}
	return nil
}

// Contributions are contributions as the account keeps them, their currencies in capital letters.
func Contributions(list []truce.Contribution) []truce.Contribution {
	out := slices.Clone(list)
	for i := range out {
		out[i].Unit = Unit(out[i].Unit)
	}
	return out
}

// Requirements are needs as the account keeps them, their currencies in capital letters.
func Requirements(list []truce.Requirement) []truce.Requirement {
	out := slices.Clone(list)
	for i := range out {
		out[i].Unit = Unit(out[i].Unit)
	}
	return out
}
