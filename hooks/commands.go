package hooks

import (
	"encoding/json"
	"errors"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// addCommands adds PocketDesk's commands to the host's. Data goes to stdout as
// JSON, words to stderr; the exit code is 0 only for success.
func (p *plugin) addCommands(root *cobra.Command) {
	if root == nil {
		return
	}
	root.AddCommand(p.eraseCommand(), p.doctorCommand(), p.demoCommand(), spamCommand(), topicsCommand(), p.mailCommand(), p.searchCommand())
}

// RunsAlone tells whether the arguments of a command line ask for a command that
// needs no app (demo, which brings one of its own, spam and mail inspect). A program may run
// its root command for it without starting the app, which would make a data
// folder. The error of such a command is the caller's to print.
func RunsAlone(root *cobra.Command, args []string) bool {
	cmd, _, err := root.Find(args)
	return err == nil && cmd.Annotations[aloneMark] != ""
}

const aloneMark = "pocketdesk.alone"

// bindExit gives a failed command's error to app.Start, and so to the exit code.
func (p *plugin) bindExit() {
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.exit",
		Func: func(e *core.TerminateEvent) error {
			return errors.Join(e.Next(), p.failure)
		},
	})
}

// fails keeps a command's error, since PocketBase drops what its root command returns.
func (p *plugin) fails(run func(*cobra.Command, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p.failure = run(cmd, args)
		return p.failure
	}
}

func (p *plugin) eraseCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "erase EMAIL|PHONE",
		Short: "Removes a person: address, words, files and mails. An anonymous line of each case stays",
		Args:  p.fails(cobra.ExactArgs(1)), SilenceUsage: true, SilenceErrors: true,
		RunE: p.fails(func(_ *cobra.Command, args []string) error {
			if !p.on() {
				return errors.New("PocketDesk's schema is not in this data folder; run serve or migrate up first")
			}
			report, err := privacy.Erase(p.app, args[0])
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(report)
		}),
	}
}
