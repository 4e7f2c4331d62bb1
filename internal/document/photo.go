package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"portway/internal/porting"
)

// People photograph bills. A JPEG or PNG file is set into a PDF of one page, as large as US Letter, upright or across as
// the picture is. The picture is decoded and encoded anew, so that nothing else of the file is kept: neither the place
// where it was taken nor what may be hidden behind the picture.

// mostPixels is how many a picture may have: twice what the cameras of telephones make of a page.
const mostPixels = 60_000_000

// photo returns a PDF of one page that shows the picture. is says that the file is a picture at all; why says why it can't
// be used.
func photo(file []byte, at time.Time) (made []byte, is bool, why porting.Message) {
	var decodeConfig func([]byte) (image.Config, error)
	var decode func([]byte) (image.Image, error)
	turn := 1
	switch {
	case bytes.HasPrefix(file, []byte("\xff\xd8\xff")):
		decodeConfig = func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) }
		decode = func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }
		turn = orientation(file)
	case bytes.HasPrefix(file, []byte("\x89PNG\r\n\x1a\n")):
		decodeConfig = func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) }
		decode = func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }
	default:
		return nil, false, porting.Message{}
	}
	unreadable := porting.Say(porting.MsgPhotoUnreadable)
	config, err := decodeConfig(file)
	if err != nil || config.Width < 1 || config.Height < 1 {
		return nil, true, unreadable
	}
	if config.Width > mostPixels/config.Height {
		return nil, true, porting.Say(porting.MsgPhotoLarge, "mp", strconv.Itoa(mostPixels/1_000_000))
	}
	picture, err := decode(file)
	if err != nil {
		return nil, true, unreadable
	}
	upright := turned(picture, turn)
	var again bytes.Buffer
	if err := jpeg.Encode(&again, upright, &jpeg.Options{Quality: 85}); err != nil {
		return nil, true, unreadable
	}
	made, err = onPage(&again, upright.Bounds().Dx(), upright.Bounds().Dy(), at)
	if err != nil {
		return nil, true, unreadable
	}
	return made, true, porting.Message{}
}

// onPage sets a JPEG picture into the middle of a page.
func onPage(picture *bytes.Buffer, width, height int, at time.Time) ([]byte, error) {
	const edge = 18.0 // points
	side := "P"
	if width > height {
		side = "L"
	}
	pdf := fpdf.New(side, "pt", "Letter", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Portway", true)
	pdf.AddPage()
	options := fpdf.ImageOptions{ImageType: "JPG"}
	pdf.RegisterImageOptionsReader("photo", options, picture)
	wide, high := pdf.GetPageSize()
	scale := min((wide-2*edge)/float64(width), (high-2*edge)/float64(height))
	w, h := scale*float64(width), scale*float64(height)
	pdf.ImageOptions("photo", (wide-w)/2, (high-h)/2, w, h, false, options, 0, "")
	var out bytes.Buffer
	err := pdf.Output(&out)
	return out.Bytes(), err
}

// turned returns the picture on white, turned as a camera's mark says (Exif 2.3, tag 0x0112).
func turned(picture image.Image, turn int) *image.RGBA {
	b := picture.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), picture, b.Min, draw.Over)
	if turn != 3 && turn != 6 && turn != 8 { // upright, or mirrored, which no camera makes
		return flat
	}
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, h, w)
	if turn == 3 {
		size = image.Rect(0, 0, w, h)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			at := [2]int{w - 1 - x, h - 1 - y} // half a turn
			switch turn {
			case 6: // a quarter to the right
				at = [2]int{h - 1 - y, x}
			case 8: // a quarter to the left
				at = [2]int{y, w - 1 - x}
			}
			copy(out.Pix[out.PixOffset(at[0], at[1]):][:4], flat.Pix[flat.PixOffset(x, y):][:4])
		}
	}
	return out
}

// orientation reads how the camera was held from the Exif data of a JPEG file; 1 is upright.
func orientation(file []byte) int {
	at := 2
	for at+4 <= len(file) && file[at] == 0xff {
		size := int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + size
		if size < 2 || end > len(file) || file[at+1] == 0xda { // the picture itself begins
			return 1
		}
		if data := file[at+4 : end]; file[at+1] == 0xe1 && bytes.HasPrefix(data, []byte("Exif\x00\x00")) {
			return exifTurn(data[6:])
		}
		at = end
	}
	return 1
}

func exifTurn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		row := at + 2 + 12*i
		if row+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[row:]) == 0x0112 {
			return int(order.Uint16(tiff[row+8:]))
		}
	}
	return 1
}
