// Package sim has the code that the simulated peers below it share: locals and somos. They serve the local stack,
// sandboxes and tests.
package sim

import (
	"bytes"
	"crypto/sha256"
	"fmt"
)

// maxKept limits the size of a file whose content a snapshot keeps.
const maxKept = 32 << 10

// Kept is a file as a snapshot keeps it: of a large one the first bytes, which tell its kind, and the digest.
func Kept(file []byte) []byte {
	if len(file) <= maxKept {
		return file
	}
	return fmt.Appendf(bytes.Clone(file[:5]), "\n%% %d bytes, SHA-256 %x\n", len(file), sha256.Sum256(file))
}
