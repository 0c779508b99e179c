package topics

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"
)

// featureVersion goes up when fold or the extractor finds other features.
const featureVersion = 1

// scheme names what the places of the table mean: the version of the code, the
// categories, the concepts and the simplified characters.
var scheme = sync.OnceValue(func() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %d %v\n%s\n%s", featureVersion, tableBits, conceptMax, categories, conceptList, hanPairs)
	return hex.EncodeToString(h.Sum(nil))[:8]
})
