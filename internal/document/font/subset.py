"""Makes loa-bold.ttf.gz, the letters that the letter of agency shows beyond those of Windows-1252.

The font is Liberation Sans Bold 2.1.4, which has the widths of Helvetica; the file is in the Go module
github.com/go-fonts/liberation v0.3.3 as liberationsansbold/LiberationSans-Bold.ttf. To make the subset again:

    pip install fonttools==4.68.0
    python subset.py LiberationSans-Bold.ttf loa-bold.ttf.gz
"""
import gzip
import io
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

RANGES = [(0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x34E), (0x350, 0x527), (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x2030, 0x2044), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x215F), (0x2212, 0x2215)]

options = subset.Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, glyph_names=False, drop_tables=["GSUB", "GPOS", "GDEF", "FFTM", "DSIG"])
font = TTFont(sys.argv[1], recalcTimestamp=False)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[c for a, b in RANGES for c in range(a, b + 1)])
subsetter.subset(font)
# The license's reserved names are for the whole font.
for number, text in {
    0: "Digitized data copyright (c) 2010 Google Corporation. Copyright (c) 2012 Red Hat, Inc. A subset without hints, made for Portway.",
    1: "Portway LOA", 2: "Bold", 3: "Portway LOA Bold 1", 4: "Portway LOA Bold", 5: "Version 1", 6: "PortwayLOA-Bold",
    13: "Licensed under the SIL Open Font License, Version 1.1", 14: "http://scripts.sil.org/OFL",
}.items():
    font["name"].setName(text, number, 3, 1, 0x409)
out = io.BytesIO()
font.save(out)
with open(sys.argv[2], "wb") as f:
    f.write(gzip.compress(out.getvalue(), 9, mtime=0))
