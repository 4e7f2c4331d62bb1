package reprint

// kind names the use of an object in a PDF. It decides what is copied of the object.
type kind string

// Kinds of dictionaries and streams; entries has a row for each.
const (
	aPage       kind = "page"
	resources   kind = "resources"
	group       kind = "transparency group"
	form        kind = "form"  // a piece of a page that is drawn by its name
	blank       kind = "blank" // a form that draws nothing, in the place of what is hidden or not copied
	image       kind = "image"
	content     kind = "content" // the operators that draw a page
	state       kind = "graphics state"
	softMask    kind = "soft mask"
	simpleFont  kind = "simple font"
	drawnFont   kind = "font of drawn glyphs"
	wideFont    kind = "composite font"
	cidFont     kind = "font of a composite font"
	descriptor  kind = "font descriptor"
	fontFile    kind = "font file"
	encoding    kind = "encoding"
	charMap     kind = "character map"
	cidSystem   kind = "character collection"
	plainStream kind = "stream"
	calGray     kind = "calibrated gray"
	calRGB      kind = "calibrated RGB"
	lab         kind = "L*a*b*"
	profile     kind = "ICC profile"
	tiling      kind = "tiling pattern"
	shaded      kind = "shading pattern"
	shading     kind = "shading"
	function    kind = "function"

	flateParams kind = "parameters of Flate"
	faxParams   kind = "parameters of CCITT fax"
	jpegParams  kind = "parameters of DCT"
	jbig2Params kind = "parameters of JBIG2"
)

// Kinds of dictionaries with names of the file, whose values all have one kind.
const (
	fonts    kind = "fonts"
	xobjects kind = "external objects"
	states   kind = "graphics states"
	spaces   kind = "color spaces"
	patterns kind = "patterns"
	shadings kind = "shadings"
	glyphs   kind = "glyphs"
)

// Kinds of arrays and of single values.
const (
	number    kind = "number"
	integer   kind = "integer"
	boolean   kind = "boolean"
	aName     kind = "name"
	shortText kind = "text"

	box         kind = "four numbers"
	matrix      kind = "six numbers"
	numbers     kind = "numbers"
	booleans    kind = "booleans"
	names       kind = "names"
	widths      kind = "widths" // numbers, and lists of numbers among them
	differences kind = "differences"
	functions   kind = "functions"
	descendants kind = "descendant fonts"
	dash        kind = "dash pattern"
	sizedFont   kind = "font and size"
	space       kind = "color space"
)

// Kinds that leave a choice; fits decides by the object.
const (
	anyFont       kind = "any font"
	anyXObject    kind = "any external object"
	anyPattern    kind = "any pattern"
	anyContent    kind = "a content stream, or several"
	anyMask       kind = "a mask, or a range of colors"
	anyFunction   kind = "a function, several, or its name"
	anySoftMask   kind = "a soft mask, or none"
	anyEncoding   kind = "an encoding, or its name"
	anyCharMap    kind = "a character map, or its name"
	anyGlyphMap   kind = "a map of glyphs, or its name"
	nameOrNames   kind = "a name, or several"
	anyTransition kind = "a function, or Identity"
)

// entries lists the entries that are copied of each kind of dictionary or stream (ISO 32000-2, with the clause). An
// entry that is not listed, or whose value is of another kind, stays behind. [copier.stream] writes Length, Filter and
// DecodeParms.
var entries = map[kind]map[string]kind{
	aPage: { // 7.7.3.3
		"Contents": anyContent, "Resources": resources, "Group": group, "MediaBox": box, "CropBox": box, "BleedBox": box,
		"TrimBox": box, "ArtBox": box, "Rotate": integer, "UserUnit": number,
	},
	resources: { // 7.8.3
		"Font": fonts, "XObject": xobjects, "ExtGState": states, "ColorSpace": spaces, "Pattern": patterns,
		"Shading": shadings,
	},
	group: {"S": aName, "CS": space, "I": boolean, "K": boolean},                   // 11.6.6
	form:  {"BBox": box, "Matrix": matrix, "Resources": resources, "Group": group}, // 8.10.2
	blank: {},
	image: { // 8.9.5
		"Width": integer, "Height": integer, "BitsPerComponent": integer, "ColorSpace": space, "ImageMask": boolean,
		"Mask": anyMask, "SMask": image, "SMaskInData": integer, "Matte": numbers, "Decode": numbers, "Interpolate": boolean,
		"Intent": aName,
	},
	content: {},
	state: { // 8.4.5, save what is about printing plates
		"LW": number, "LC": integer, "LJ": integer, "ML": number, "D": dash, "RI": aName, "Font": sizedFont, "FL": number,
		"SM": number, "SA": boolean, "BM": nameOrNames, "SMask": anySoftMask, "CA": number, "ca": number, "AIS": boolean,
		"TK": boolean, "OP": boolean, "op": boolean, "OPM": integer,
	},
	softMask: {"S": aName, "G": form, "BC": numbers, "TR": anyTransition}, // 11.6.5.2

	simpleFont: { // 9.6
		"Subtype": aName, "BaseFont": aName, "FirstChar": integer, "LastChar": integer, "Widths": numbers,
		"FontDescriptor": descriptor, "Encoding": anyEncoding, "ToUnicode": charMap,
	},
	drawnFont: { // 9.6.4
		"FontBBox": box, "FontMatrix": matrix, "CharProcs": glyphs, "Encoding": anyEncoding, "FirstChar": integer,
		"LastChar": integer, "Widths": numbers, "FontDescriptor": descriptor, "Resources": resources, "ToUnicode": charMap,
	},
	wideFont: {"BaseFont": aName, "Encoding": anyCharMap, "DescendantFonts": descendants, "ToUnicode": charMap}, // 9.7.6
	cidFont: { // 9.7.4
		"Subtype": aName, "BaseFont": aName, "CIDSystemInfo": cidSystem, "FontDescriptor": descriptor, "DW": number,
		"W": widths, "DW2": numbers, "W2": widths, "CIDToGIDMap": anyGlyphMap,
	},
	descriptor: { // 9.8
		"FontName": aName, "FontStretch": aName, "FontWeight": number, "Flags": integer, "FontBBox": box,
		"ItalicAngle": number, "Ascent": number, "Descent": number, "Leading": number, "CapHeight": number, "XHeight": number,
		"StemV": number, "StemH": number, "AvgWidth": number, "MaxWidth": number, "MissingWidth": number,
		"FontFile": fontFile, "FontFile2": fontFile, "FontFile3": fontFile, "CIDSet": plainStream,
	},
	fontFile:  {"Subtype": aName, "Length1": integer, "Length2": integer, "Length3": integer},           // 9.9
	encoding:  {"BaseEncoding": aName, "Differences": differences},                                      // 9.6.5
	charMap:   {"CMapName": aName, "CIDSystemInfo": cidSystem, "WMode": integer, "UseCMap": anyCharMap}, // 9.7.5
	cidSystem: {"Registry": shortText, "Ordering": shortText, "Supplement": integer},                    // 9.7.3

	calGray: {"WhitePoint": numbers, "BlackPoint": numbers, "Gamma": number}, // 8.6.5
	calRGB:  {"WhitePoint": numbers, "BlackPoint": numbers, "Gamma": numbers, "Matrix": numbers},
	lab:     {"WhitePoint": numbers, "BlackPoint": numbers, "Range": numbers},
	profile: {"N": integer, "Alternate": space, "Range": numbers},

	tiling: { // 8.7.3
		"PatternType": integer, "PaintType": integer, "TilingType": integer, "BBox": box, "XStep": number, "YStep": number,
		"Resources": resources, "Matrix": matrix,
	},
	shaded: {"PatternType": integer, "Shading": shading, "Matrix": matrix, "ExtGState": state}, // 8.7.4
	shading: { // 8.7.4.5
		"ShadingType": integer, "ColorSpace": space, "Background": numbers, "BBox": box, "AntiAlias": boolean,
		"Function": anyFunction, "Domain": numbers, "Matrix": matrix, "Coords": numbers, "Extend": booleans,
		"BitsPerCoordinate": integer, "BitsPerComponent": integer, "BitsPerFlag": integer, "VerticesPerRow": integer,
		"Decode": numbers,
	},
	function: { // 7.10
		"FunctionType": integer, "Domain": numbers, "Range": numbers, "Size": numbers, "BitsPerSample": integer,
		"Order": integer, "Encode": numbers, "Decode": numbers, "C0": numbers, "C1": numbers, "N": number,
		"Functions": functions, "Bounds": numbers,
	},

	flateParams: {"Predictor": integer, "Colors": integer, "BitsPerComponent": integer, "Columns": integer}, // 7.4
	faxParams: {
		"K": integer, "EndOfLine": boolean, "EncodedByteAlign": boolean, "Columns": integer, "Rows": integer,
		"EndOfBlock": boolean, "BlackIs1": boolean, "DamagedRowsBeforeError": integer,
	},
	jpegParams:  {"ColorTransform": integer},
	jbig2Params: {"JBIG2Globals": plainStream},
}

// named lists the dictionaries with names of the file, and the kind of their values.
var named = map[kind]kind{
	fonts: anyFont, xobjects: anyXObject, states: state, spaces: space, patterns: anyPattern, shadings: shading,
	glyphs: content,
}

// lists has the kinds of arrays: the kind of the elements, and their number unless it is 0.
var lists = map[kind]struct {
	of kind
	n  int
}{
	box: {number, 4}, matrix: {number, 6}, numbers: {number, 0}, booleans: {boolean, 0}, names: {aName, 0},
	functions:   {function, 0},
	descendants: {cidFont, 1},
}

// marks are the names by which a reader knows a dictionary or a stream. They are written, never copied.
var marks = map[kind]map[string]string{
	aPage:      {"Type": "Page"},
	form:       {"Type": "XObject", "Subtype": "Form"},
	blank:      {"Type": "XObject", "Subtype": "Form"},
	image:      {"Type": "XObject", "Subtype": "Image"},
	group:      {"Type": "Group"},
	state:      {"Type": "ExtGState"},
	softMask:   {"Type": "Mask"},
	simpleFont: {"Type": "Font"},
	drawnFont:  {"Type": "Font", "Subtype": "Type3"},
	wideFont:   {"Type": "Font", "Subtype": "Type0"},
	cidFont:    {"Type": "Font"},
	descriptor: {"Type": "FontDescriptor"},
	encoding:   {"Type": "Encoding"},
	charMap:    {"Type": "CMap"},
	tiling:     {"Type": "Pattern"},
	shaded:     {"Type": "Pattern"},
}

// words lists the only names that some entries may have.
var words = map[kind]map[string][]string{
	group:      {"S": {"Transparency"}},
	softMask:   {"S": {"Alpha", "Luminosity"}},
	simpleFont: {"Subtype": {"Type1", "MMType1", "TrueType"}},
	cidFont:    {"Subtype": {"CIDFontType0", "CIDFontType2"}},
	fontFile:   {"Subtype": {"Type1C", "CIDFontType0C", "OpenType"}},
	image:      {"Intent": intents},
	state:      {"RI": intents},
	descriptor: {"FontStretch": {"UltraCondensed", "ExtraCondensed", "Condensed", "SemiCondensed", "Normal",
		"SemiExpanded", "Expanded",
		"ExtraExpanded", "UltraExpanded"}},
}

var intents = []string{"AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual"}
