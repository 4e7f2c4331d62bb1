package reprint

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// everything is a page that uses each kind of thing that a page can be made of, each with an entry that is none of its
// own.
func everything() *draft {
	const evil = "/AA 99 0 R/Metadata 99 0 R/PieceInfo<<>>"
	form := func(more string) string {
		return packed("/Type/XObject/Subtype/Form/FormType 1/BBox[0 0 9 9]/Matrix[1 0 0 1 0 0]/StructParents 3"+
			"/LastModified(D:2027)"+evil+more, "", "0 0 9 9 re f")
	}
	image := "/Type/XObject/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/Interpolate true/Intent/Perceptual" +
		"/SMaskInData 0/Alternates[]" + evil
	function := "<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1.50" + evil + ">>"
	return bill(
		first, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/CropBox[0 0 600 700]/BleedBox[0 0 1 1]/TrimBox[0 0 1 1]/ArtBox[0 0 1 1]/Rotate 90/UserUnit 1.5
			/Contents[4 0 R 4 0 R]/Group<</Type/Group/S/Transparency/CS/DeviceRGB/I true/K false/AA 99 0 R>>/StructParents 0/Tabs/S/Annots[]/AA<<>>/LastModified(D:2027)
			/Resources<</Font<</F1 5 0 R/TT 10 0 R/T0 13 0 R/T3 17 0 R/MM 19 0 R>>/XObject<</Fm 20 0 R/Im 21 0 R/Jpg 22 0 R/Fax 23 0 R/Two 24 0 R/J2 25 0 R/Key 26 0 R/Bits 27 0 R/Lzw 28 0 R/Png 29 0 R>>
			/ExtGState<</G 30 0 R/N<</Type/ExtGState/SMask/None/BM[/Multiply/Normal]/TR 99 0 R/HT 99 0 R/BG 99 0 R>>>>
			/ColorSpace<</Gray/DeviceGray/Icc[/ICCBased 31 0 R]/Cal[/CalRGB<</WhitePoint[1 1 1]/BlackPoint[0 0 0]/Gamma[1 1 1]/Matrix[1 0 0 0 1 0 0 0 1]>>]/CalG[/CalGray<</WhitePoint[1 1 1]/BlackPoint[0 0 0]/Gamma 2.2>>]
				/Lab[/Lab<</WhitePoint[1 1 1]/BlackPoint[0 0 0]/Range[-1 1 -1 1]>>]/Idx[/Indexed/DeviceRGB 1(abc\)\\)]/IdxS[/Indexed[/ICCBased 31 0 R]1 32 0 R]/Sep[/Separation/Gold/DeviceRGB 33 0 R]
				/DN[/DeviceN[/A/B]/DeviceCMYK 33 0 R<</Colorants<</A 99 0 R>>>>]/Pat[/Pattern/DeviceGray]/Bad[/Evil 99 0 R]/Loop 36 0 R>>
			/Pattern<</T 40 0 R/S 41 0 R/X<</PatternType 3>>>>/Shading<</Ax<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 1 1]/Domain[0 1]/Function[33 0 R 33 0 R]/Extend[true false]/Background[0]/BBox[0 0 1 1]/AntiAlias true/AA 99 0 R>>
				/Mesh 42 0 R>>/ProcSet[/PDF]/Properties<</P<</Evil 99 0 R>>>>/AA 99 0 R>>>>`,
		helvetica, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Name/F1/Encoding<</Type/Encoding/BaseEncoding"+
			"/WinAnsiEncoding/Differences[39/quotesingle 96/grave]/AA 99 0 R>>"+evil+">>",
		10, "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+X/FirstChar 65/LastChar 66/Widths 11 0 R/FontDescriptor 12 0 R"+
			"/Encoding/MacRomanEncoding/ToUnicode 15 0 R>>",
		11, "[500 600.5]",
		12, "<</Type/FontDescriptor/FontName/ABCDEF+X/FontFamily(X)/FontStretch/Normal/FontWeight 400/Flags 4/FontBBox[0 0"+
			" 1 1]/ItalicAngle 0/Ascent 1/Descent -1/Leading 1/CapHeight 1/XHeight 1/StemV 1/StemH 1/AvgWidth 1/MaxWidth 1"+
			"/MissingWidth 1/CharSet(/A)/CIDSet 32 0 R/FontFile2 14 0 R/FontFile3 16 0 R"+evil+">>",
		13, "<</Type/Font/Subtype/Type0/BaseFont/Y/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"+
			"/BaseFont/Y/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W[1[500 600]3 5 700]/DW2"+
			"[880 -1000]/W2[1 2 -1000 500 880]/CIDToGIDMap/Identity/FontDescriptor 12 0 R"+evil+">>]/ToUnicode 15 0 R>>",
		14, packed("/Length1 3"+evil, "", "abc"),
		15, packed("/Type/CMap/CMapName/X/WMode 0/CIDSystemInfo<</Registry<41>/Ordering(B)/Supplement 1>>/UseCMap"+
			"/Identity-H"+evil, "", "begincmap"),
		16, packed("/Subtype/Type1C/Length1 1/Length2 2/Length3 3", "", "cff"),
		17, "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 18 0 R>>/Encoding"+
			"<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[1000]/Resources<</XObject<</Fm 20 0 R>>>>>>",
		18, packed("", "", "1000 0 d0 /Fm Do"),
		19, "<</Type/Font/Subtype/MMType1/BaseFont/MM/FontDescriptor<</Type/FontDescriptor/FontName/MM/Flags 32/FontFile 14"+
			" 0 R>>>>",
		20, form("/Resources<</XObject<</Self 20 0 R/Im 21 0 R>>>>/Group<</S/Transparency>>"),
		21, packed(image+"/ColorSpace/DeviceRGB/SMask 24 0 R/Decode[0 1 0 1 0 1]", "", "abcdef"),
		22, raw(image+"/ColorSpace/DeviceGray/Filter/DCTDecode/DecodeParms<</ColorTransform 0/AA 99 0 R>>",
			"\xff\xd8\xff\xd9"),
		23, raw("/Subtype/Image/Width 8/Height 1/ImageMask true/Filter[/CCITTFaxDecode]/DecodeParms[<</K -1/Columns 8/Rows"+
			" 1/BlackIs1 true/EndOfLine false/EndOfBlock false/EncodedByteAlign true/DamagedRowsBeforeError 0>>]", "\x00"),
		24, raw(image+"/ColorSpace/DeviceGray/Matte[0]/Filter[/ASCIIHexDecode/DCTDecode]/DecodeParms[null<</ColorTransform"+
			" 1>>]", inHex("\xff\xd8\xff\xd9")),
		25, raw("/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode/DecodeParms"+
			"<</JBIG2Globals 32 0 R>>", "jb"),
		26, packed(image+"/ColorSpace/DeviceGray/Mask[0 1]", "", "ab"),
		27, packed(image+"/ColorSpace/DeviceGray/Mask 23 0 R", "", "ab"),
		28, raw(image+"/ColorSpace/DeviceGray/Filter/LZWDecode", lzwed("ab")),
		29, raw(image+"/ColorSpace/DeviceGray/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 1/BitsPerComponent 8"+
			"/Columns 2>>", flated("\x00ab")),
		30, "<</Type/ExtGState/LW 1/LC 1/LJ 1/ML 1/D[[3 2]0]/RI/Perceptual/Font[5 0 R 12]/FL 1/SM 0.1/SA true/CA .5/ca .5"+
			"/AIS false/TK true/OP true/op true/OPM 1/BM/Normal/SMask<</Type/Mask/S/Luminosity/G 20 0 R/BC[0]/TR/Identity>>"+
			"/TR2/Default/UCR 99 0 R"+evil+">>",
		31, packed("/N 3/Alternate/DeviceRGB/Range[0 1 0 1 0 1]"+evil, "", "icc"),
		32, packed(evil, "", "abcdef"),
		33, "<</FunctionType 3/Domain[0 1]/Functions[34 0 R "+function+"]/Bounds[.5]/Encode[0 1 0 1]>>",
		34, packed("/FunctionType 4/Domain[0 1]/Range[0 1]", "", "{ 1 exch sub }"),
		35, packed("/FunctionType 0/Domain[0 1]/Range[0 1]/Size[2]/BitsPerSample 8/Order 1/Encode[0 1]/Decode[0 1]", "",
			"ab"),
		36, "[/Indexed 36 0 R 1(x)]",
		40, packed("/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Matrix[1 0 0 1 0 0]"+
			"/Resources<</Pattern<</Self 40 0 R>>>>"+evil, "", "0 0 9 9 re f"),
		41, "<</Type/Pattern/PatternType 2/Matrix[1 0 0 1 0 0]/ExtGState 30 0 R/Shading<</ShadingType 1/ColorSpace"+
			"[/Separation/All/DeviceGray 35 0 R]/Matrix[1 0 0 1 0 0]/Function 35 0 R>>"+evil+">>",
		42, packed("/ShadingType 5/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/VerticesPerRow 2/Decode[0 1"+
			" 0 1 0 1 0 1 0 1]/BitsPerFlag 8"+evil, "", "mesh"),
		99, js,
	)
}

// Every kind of thing that a page is made of comes along, without what does not belong to it. The golden file shows the
// copy, object by object, with its streams unpacked.
func TestEverything(t *testing.T) {
	made, _, err := remake(everything().file())
	if err != nil {
		t.Fatal(err)
	}
	s := clean(t, made)
	var b strings.Builder
	for n := 1; n <= len(s.objects); n++ {
		v := s.objects[n]
		if st, ok := v.(stream); ok {
			fmt.Fprintf(&b, "%d: %s %q\n", n, line(st.dict), s.unpacked(t, st))
			continue
		}
		fmt.Fprintf(&b, "%d: %s\n", n, line(v))
	}
	path := filepath.Join("testdata", "everything.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the copy differs from %s; -update writes it anew:\n%s", path, b.String())
	}
	// Each entry that is copied is among them, so that a row that is lost from the table is found.
	for k, row := range entries {
		for name := range row {
			if !strings.Contains(b.String(), "/"+name+" ") {
				t.Errorf("the %s of a %s is tried nowhere", name, k)
			}
		}
	}
}

// line writes a value as our own files do, save the length of packed data, which is Go's business.
func line(v value) string {
	switch v := v.(type) {
	case dict:
		var b strings.Builder
		for _, name := range sortedNames(v) {
			if name != "Length" {
				fmt.Fprintf(&b, "/%s %s", name, line(v[name]))
			}
		}
		return "<<" + b.String() + ">>"
	case list:
		var all []string
		for _, one := range v {
			all = append(all, line(one))
		}
		return "[" + strings.Join(all, " ") + "]"
	case ref:
		return reference(int(v))
	}
	return fmt.Sprint(v)
}
