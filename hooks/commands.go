package hooks

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// addCommands adds PocketDesk's commands to the host's. Data goes to stdout as
// JSON, words to stderr.
func (p *plugin) addCommands(root *cobra.Command) {
	if root == nil {
		return
	}
	root.AddCommand(p.eraseCommand())
}

func (p *plugin) eraseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "erase EMAIL|PHONE",
		Short: "Removes a person: address, words, files and mails. An anonymous line of each case stays",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !p.on() {
				return fmt.Errorf("PocketDesk's schema is not in this data folder; run serve or migrate up first")
			}
			report, err := privacy.Erase(p.app, args[0])
			if err != nil {
				return err
			}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(report)
		},
	}
}
