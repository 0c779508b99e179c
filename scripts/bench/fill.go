package main

import (
	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"
)

func fillCommand(app *pocketbase.PocketBase) *cobra.Command { return &cobra.Command{Use: "fill"} }
