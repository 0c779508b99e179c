package doorbell_test

import (
	"os"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }
