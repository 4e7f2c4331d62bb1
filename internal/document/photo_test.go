package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"portway/internal/porting"
)

// halves is a picture that is black on its left and white on its right.
func halves(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			if x < w/2 {
				c = color.RGBA{0, 0, 0, 255}
			}
			p.Set(x, y, c)
		}
	}
	return p
}

func asJPEG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif puts the mark of how the camera was held into a JPEG file, in one of the two byte orders.
func withExif(file []byte, turn int, order binary.AppendByteOrder, mark string) []byte {
	tiff := []byte(mark)
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(tiff, 0x0112)
	tiff = order.AppendUint16(tiff, 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(tiff, uint16(turn))
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	data := append([]byte("Exif\x00\x00"), tiff...)
	part := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(data)+2))...)
	return append(append(append([]byte{}, file[:2]...), append(part, data...)...), file[2:]...)
}

func TestPhoto(t *testing.T) {
	var asPNG bytes.Buffer
	if err := png.Encode(&asPNG, halves(40, 60)); err != nil {
		t.Fatal(err)
	}
	whole := asJPEG(t, halves(60, 40))
	huge := append([]byte{}, asPNG.Bytes()...)
	binary.BigEndian.PutUint32(huge[16:], 100_000)
	for name, test := range map[string]struct {
		file []byte
		is   bool
		why  porting.MessageKey
	}{
		"a JPEG file":        {whole, true, ""},
		"a PNG file":         {asPNG.Bytes(), true, ""},
		"a JPEG file cut":    {whole[:200], true, porting.MsgPhotoUnreadable},
		"a PNG file cut":     {asPNG.Bytes()[:40], true, porting.MsgPhotoUnreadable},
		"a PNG file of lies": {huge, true, porting.MsgPhotoUnreadable}, // the checksum of its head is wrong
		"a head alone":       {[]byte("\xff\xd8\xff"), true, porting.MsgPhotoUnreadable},
		"a PDF":              {[]byte("%PDF-1.7"), false, ""},
		"nothing":            {nil, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			made, is, why := photo(test.file, time.Unix(1, 0))
			if is != test.is || why.Key != test.why {
				t.Fatalf("a picture: %v, %s", is, why.Key)
			}
			if good := is && why.IsZero(); good != bytes.HasPrefix(made, []byte("%PDF-")) {
				t.Errorf("made %d bytes", len(made))
			}
		})
	}
	t.Run("the same picture makes the same file", func(t *testing.T) {
		one, _, _ := photo(whole, time.Unix(1, 0))
		two, _, _ := photo(whole, time.Unix(1, 0))
		if !bytes.Equal(one, two) {
			t.Error("it differs")
		}
	})
	t.Run("too many pixels", func(t *testing.T) {
		wide := asJPEG(t, image.NewGray(image.Rect(0, 0, 60_001, 1_000)))
		if _, _, why := photo(wide, time.Unix(1, 0)); why.Key != porting.MsgPhotoLarge {
			t.Error(why.Key)
		}
	})
}

// A photograph stands upright whichever way the camera was held.
func TestPhotosAreTurned(t *testing.T) {
	file := asJPEG(t, halves(60, 40))
	for _, order := range []struct {
		order binary.AppendByteOrder
		mark  string
	}{{binary.LittleEndian, "II"}, {binary.BigEndian, "MM"}} {
		for turn, black := range map[int]image.Point{1: {5, 20}, 3: {55, 20}, 6: {20, 5}, 8: {20, 55}, 2: {5, 20}, 99: {5, 20}} {
			marked := withExif(file, turn, order.order, order.mark)
			if got := orientation(marked); got != turn {
				t.Fatalf("%s reads %d as %d", order.mark, turn, got)
			}
			picture, err := jpeg.Decode(bytes.NewReader(marked))
			if err != nil {
				t.Fatal(err)
			}
			out := turned(picture, turn)
			if r, _, _, _ := out.At(black.X, black.Y).RGBA(); r > 0x4000 {
				t.Errorf("held as %d: the black half is not at %v", turn, black)
			}
			if wide := out.Bounds().Dx() == 60; wide == (turn == 6 || turn == 8) {
				t.Errorf("held as %d: the picture is %v", turn, out.Bounds())
			}
		}
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01"))
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			return
		}
		if made, is, why := photo(file, time.Unix(1, 0)); is && why.IsZero() != (len(made) > 0) {
			t.Errorf("%d bytes made, %s", len(made), why.Key)
		}
	})
}
