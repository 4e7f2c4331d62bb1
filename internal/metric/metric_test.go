package metric

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
)

// The line has what CloudWatch wants of it: the specification at the root, and beside it each dimension and metric that it names.
func TestCount(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&out, nil)))
	defer slog.SetDefault(before)
	Count(t.Context(), time.UnixMilli(1898866800000), "UnknownCode", "Peer", "locals", "code", "7123")
	var line struct {
		AWS struct {
			Timestamp         int64
			CloudWatchMetrics []struct {
				Namespace  string
				Dimensions [][]string
				Metrics    []struct{ Name, Unit string }
			}
		} `json:"_aws"`
		Peer        string
		UnknownCode int
		Code        string `json:"code"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if m := line.AWS.CloudWatchMetrics; line.AWS.Timestamp != 1898866800000 || len(m) != 1 || m[0].Namespace != "Portway" || m[0].Dimensions[0][0] != "Peer" ||
		m[0].Metrics[0].Name != "UnknownCode" || m[0].Metrics[0].Unit != "Count" || line.Peer != "locals" || line.UnknownCode != 1 || line.Code != "7123" {
		t.Errorf("%s", out.Bytes())
	}
}
