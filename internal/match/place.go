package match

import (
	"strings"
	"unicode"
)

// longNames are cities that people call by a longer name too; elsewhere City
// makes another place of it (Kansas City).
const longNames = " newyorkcity=new_york quebeccity=quebec "

// cityKey is a city's name without case, accents and punctuation, with Saint,
// Fort, Mount, a leading direction and the last words that postal lists
// shorten written short. Particles stand apart or not (La Grange, LaGrange);
// other words do, for New Port is no Newport.
func cityKey(s string) string {
	const (
		short = " saint=st sainte=ste fort=ft mount=mt "
		last  = " beach=bch heights=hts hgts=hts springs=spgs junction=jct village=vlg township=twp center=ctr centre=ctr " +
			"gardens=gdns falls=fls lakes=lks harbor=hbr harbour=hbr island=is mountain=mtn valley=vly "
		particles = " la le les los las el de del des du d l o mc mac "
	)
	var key strings.Builder
	all := words(s, "")
	if name, ok := lookup(longNames, strings.Join(all, "")); ok {
		all = strings.Split(name, "_")
	}
	for i, w := range all {
		if v, ok := lookup(short, w); ok && i < len(all)-1 {
			w = v
		}
		if v, ok := lookup(last, w); ok && i > 0 && i == len(all)-1 {
			w = v
		}
		if v, ok := standard(directionals, w); ok && v != "o" && i == 0 && len(all) > 1 {
			w = v
		}
		key.WriteString(w)
		if i < len(all)-1 && !listed(particles, w) {
			key.WriteByte(' ')
		}
	}
	return key.String()
}

// stateKey is the two letters of a state or province, whichever way it came;
// empty when it is none.
func stateKey(s string) string {
	w := strings.Join(words(s, ""), "")
	if code, ok := lookup(states, w); ok {
		return code
	}
	if len(w) == 2 && strings.Contains(states, "="+w+" ") {
		return w
	}
	return ""
}

func stateText(s string) string {
	if code := stateKey(s); code != "" {
		return strings.ToUpper(code)
	}
	return s
}

// states by their names without spaces; PQ and NF are former codes.
const states = " alabama=al alaska=ak arizona=az arkansas=ar california=ca colorado=co connecticut=ct delaware=de " +
	"districtofcolumbia=dc florida=fl georgia=ga hawaii=hi idaho=id illinois=il indiana=in iowa=ia kansas=ks " +
	"kentucky=ky louisiana=la maine=me maryland=md massachusetts=ma michigan=mi minnesota=mn mississippi=ms " +
	"missouri=mo montana=mt nebraska=ne nevada=nv newhampshire=nh newjersey=nj newmexico=nm newyork=ny " +
	"northcarolina=nc northdakota=nd ohio=oh oklahoma=ok oregon=or pennsylvania=pa rhodeisland=ri southcarolina=sc " +
	"southdakota=sd tennessee=tn texas=tx utah=ut vermont=vt virginia=va washington=wa westvirginia=wv wisconsin=wi " +
	"wyoming=wy americansamoa=as guam=gu northernmarianaislands=mp puertorico=pr virginislands=vi usvirginislands=vi " +
	"alberta=ab britishcolumbia=bc manitoba=mb newbrunswick=nb newfoundlandandlabrador=nl newfoundland=nl nf=nl " +
	"novascotia=ns northwestterritories=nt nunavut=nu ontario=on princeedwardisland=pe quebec=qc pq=qc saskatchewan=sk " +
	"yukon=yt yukonterritory=yt ont=on que=qc alta=ab sask=sk calif=ca "

// zipKey is the five digits of a US ZIP, whose +4 does not count (47 CFR
// 52.36 asks for the ZIP code, FCC 07-188 for its five digits), or the six
// characters of a Canadian postal code. A spreadsheet takes the leading zero
// of a ZIP, and typists put the letters O and I for digits in a postal code,
// which has no such letters (Canada Post). Anything else is none: empty.
func zipKey(s string) string {
	z := zipText(s)
	switch zipForm(z) {
	case "00000":
		return z
	case "00000-0000":
		return z[:5]
	case "A0A 0A0":
		return z
	}
	return ""
}

// zipText is the form that the order takes: 12345, 12345-6789, A1A 1A1.
// Another text comes back as it is.
func zipText(s string) string {
	z := squeeze(s)
	switch form := zipForm(z); {
	case form == "00000":
		return z
	case form == "000000000":
		return z[:5] + "-" + z[5:]
	case form == "0000":
		return "0" + z
	case form == "00000000" && strings.IndexByte(zipForm(fold(strings.TrimSpace(s))), '-') == 4:
		return "0" + z[:4] + "-" + z[4:]
	case len(form) > 5 && len(form) < 9 && strings.HasPrefix(zipForm(fold(strings.TrimSpace(s))), "00000-0") &&
		strings.Trim(form, "0") == "":
		return z[:5] // the four digits behind the dash are not all there
	case len(z) == 6:
		if p := postal(z); zipForm(p) == "A0A0A0" {
			return p[:3] + " " + p[3:]
		}
	}
	return s
}

// postal puts digits where a postal code of six characters has letters that
// look like them.
func postal(z string) string {
	b := []byte(z)
	for _, i := range []int{1, 3, 5} {
		switch b[i] {
		case 'O':
			b[i] = '0'
		case 'I':
			b[i] = '1'
		}
	}
	return string(b)
}

// squeeze takes out spaces and dashes and raises letters.
func squeeze(s string) string {
	return strings.ToUpper(without(fold(s)))
}

// without takes out spaces, dashes and what does not show, and nothing else.
func without(s string) string {
	return strings.Map(func(r rune) rune {
		if c := sign(r); c == nothing || c == ' ' || c == '-' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// zipForm is s with each digit as 0 and each capital as A.
func zipForm(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case r >= 'A' && r <= 'Z':
			return 'A'
		}
		return r
	}, s)
}
