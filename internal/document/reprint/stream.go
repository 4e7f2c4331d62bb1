package reprint

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// step is one filter of a stream, with its parameters.
type step struct {
	name   string
	params types.Dict
}

// images lists the filters of images, which stay as they are, with the kind of their parameters.
var images = map[string]kind{filter.CCITTFax: faxParams, filter.DCT: jpegParams, filter.JBIG2: jbig2Params,
	filter.JPX: ""}

// short lists the abbreviations of filters. They belong inside the content of a page (ISO 32000-2, 8.9.7), and some
// programs use them elsewhere.
var short = map[string]string{
	"AHx": filter.ASCIIHex, "A85": filter.ASCII85, "LZW": filter.LZW, "Fl": filter.Flate, "RL": filter.RunLength,
	"CCF": filter.CCITTFax,
	"DCT": filter.DCT,
}

// stream copies the entries and the bytes of a stream. Images keep their form. Everything else is packed with Flate,
// and nothing follows its end.
func (c *copier) stream(k kind, s types.StreamDict) ([]byte, error) {
	out, err := c.dictionary(k, s.Dict)
	if err != nil {
		return nil, err
	}
	var data []byte
	if k != blank {
		if file, _ := c.object(s.Dict["F"]); file != nil {
			return nil, Elsewhere
		}
		var steps []step
		if data, steps, err = c.repack(s.Raw, c.steps(s.Dict)); err != nil {
			return nil, err
		}
		if err := c.describe(out, steps); err != nil {
			return nil, err
		}
	}
	out["Length"] = strconv.Itoa(len(data))
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nstream\n", dictionary(out))
	b.Write(data)
	b.WriteString("\nendstream")
	return b.Bytes(), nil
}

// describe writes the entries that say how a stream is packed.
func (c *copier) describe(out map[string]string, steps []step) error {
	var filters, params []string
	some := false
	for _, s := range steps {
		filters = append(filters, nameText(s.name))
		k := images[s.name]
		if s.name == filter.Flate {
			k = flateParams
		}
		entries, err := c.dictionary(k, s.params)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			params = append(params, "null")
			continue
		}
		params, some = append(params, dictionary(entries)), true
	}
	if len(steps) > 0 {
		out["Filter"] = "[" + strings.Join(filters, " ") + "]"
	}
	if some {
		out["DecodeParms"] = "[" + strings.Join(params, " ") + "]"
	}
	return nil
}

// steps lists the filters of a stream, the outermost first.
func (c *copier) steps(d types.Dict) []step {
	filters, isArray := c.array(d["Filter"])
	if !isArray && c.name(d["Filter"]) != "" {
		filters = types.Array{d["Filter"]}
	}
	params, isArray := c.array(d["DecodeParms"])
	if !isArray {
		params = types.Array{d["DecodeParms"]}
	}
	var all []step
	for i, f := range filters {
		s := step{name: c.name(f)}
		if long, ok := short[s.name]; ok {
			s.name = long
		}
		s.params, _ = c.dict(at(params, i))
		all = append(all, s)
	}
	return all
}

// repack undoes the filters that only write bytes in another way, and packs the rest.
func (c *copier) repack(data []byte, steps []step) ([]byte, []step, error) {
	var err error
	for len(steps) > 0 {
		s, rest := steps[0], steps[1:]
		_, inImage := images[s.name]
		last := len(rest) == 0 || images[rest[0].name] != "" || rest[0].name == filter.JPX
		switch {
		case len(data) == 0:
			return nil, nil, nil
		case inImage:
			return data, steps, nil
		case s.name == "Crypt": // with another key than the document's there is none
			steps = rest
			continue
		case s.name == filter.Flate && last:
			data, err = c.cut(data)
			if len(data) == 0 {
				return nil, nil, err
			}
			return data, steps, err
		case s.name == filter.LZW && last && c.integer(s.params["Predictor"]) > 1:
			params := types.Dict{}
			if early := s.params["EarlyChange"]; early != nil {
				params["EarlyChange"] = early
			}
			if data, err = c.undo(step{filter.LZW, params}, data); err != nil {
				return nil, nil, err
			}
			return c.pack(data), append([]step{{filter.Flate, s.params}}, rest...), nil
		}
		if data, err = c.undo(s, data); err != nil {
			return nil, nil, err
		}
		steps = rest
	}
	if len(data) == 0 {
		return nil, nil, nil
	}
	return c.pack(data), []step{{name: filter.Flate}}, nil
}

// room is how many bytes the next stream may unpack to.
func (c *copier) room() int64 { return min(decodable, unpacked-c.loose) }

// undo undoes one filter. Of a damaged stream it returns the bytes before the damage, as readers do.
func (c *copier) undo(s step, data []byte) ([]byte, error) {
	if !slices.Contains(filter.List(), s.name) {
		return nil, Unreadable
	}
	params := map[string]int{}
	for _, name := range []string{"Predictor", "Colors", "BitsPerComponent", "Columns", "EarlyChange"} {
		if v := s.params[name]; v != nil {
			params[name] = c.integer(v)
		}
	}
	f, err := filter.NewFilter(s.name, params, c.room())
	if err != nil {
		return nil, Unreadable
	}
	r, err := f.Decode(bytes.NewReader(data))
	var out []byte
	if err == nil {
		out, err = io.ReadAll(io.LimitReader(r, c.room()+1))
	}
	c.loose += int64(len(out))
	if errors.Is(err, filter.ErrDecodeLimitExceeded) || c.room() < 0 {
		return nil, Unreadable
	}
	return out, nil
}

// cut drops the bytes behind the end of data that is packed with Flate. It packs damaged data anew.
func (c *copier) cut(data []byte) ([]byte, error) {
	in := bytes.NewReader(data)
	n, err := c.inflate(in, io.Discard)
	switch {
	case errors.Is(err, Unreadable):
		return nil, err
	case err == nil:
		return data[:len(data)-in.Len()], nil
	case n == 0:
		return nil, nil
	}
	var whole bytes.Buffer
	if _, err := c.inflate(bytes.NewReader(data), &whole); errors.Is(err, Unreadable) {
		return nil, err
	}
	return c.pack(whole.Bytes()), nil
}

func (c *copier) inflate(in *bytes.Reader, to io.Writer) (int64, error) {
	if c.unpacker == nil {
		r, err := zlib.NewReader(in)
		if err != nil {
			return 0, err
		}
		c.unpacker = r
	} else if err := c.unpacker.(zlib.Resetter).Reset(in, nil); err != nil {
		return 0, err
	}
	most := c.room()
	n, err := io.Copy(to, io.LimitReader(c.unpacker, most+1))
	if c.loose += n; n > most {
		return n, Unreadable
	}
	return n, err
}

func (c *copier) pack(data []byte) []byte {
	var b bytes.Buffer
	if c.packer == nil {
		c.packer = zlib.NewWriter(&b)
	} else {
		c.packer.Reset(&b)
	}
	_, _ = c.packer.Write(data) // a buffer takes everything
	_ = c.packer.Close()
	return b.Bytes()
}
