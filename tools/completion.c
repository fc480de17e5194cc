// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For bash, a function that finds the option which the word belongs to, a case for each that
 * takes something. bash takes "--option=value" for three words. For zsh, the specs of _arguments
 * (zshcompsys(1)).
 */
#include "completion.h"

#include <ctype.h>
#include <string.h>

/* "klp-prep" as part of a function's name */
static void put_identifier(const char *name)
{
	for (; *name; name++)
		putchar(isalnum((unsigned char)*name) ? *name : '_');
}

static bool may_lack(const struct tool_option *o)
{
	return o->arg && o->arg[0] == '[';
}

static bool is_dir(enum tool_takes takes)
{
	return takes == TOOL_DIR || takes == TOOL_BUILD || takes == TOOL_LIVEPATCH;
}

static void bash_values(enum tool_takes takes, const char *words)
{
	if (words)
		printf("mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")", words);
	else if (takes == TOOL_TEXT)
		printf(":");
	else
		printf("_klp_files %s", is_dir(takes) ? "-d" : "-f");
}

/* One that may lack its argument has it behind a '=' only. */
static void bash_case(const struct tool_option *o)
{
	printf("\t\t%s--%s", may_lack(o) ? "=" : "", o->name);
	if (!may_lack(o))
		printf(" | =--%s", o->name);
	if (o->key < TOOL_LONG)
		printf(" | -%c", o->key);
	printf(")\n\t\t\t");
	bash_values(o->takes, o->words);
	printf("\n\t\t\treturn ;;\n");
}

static void print_bash(const struct tool *tool)
{
	printf("# bash completion of %s, by `%s --completion bash`\n_", tool->name, tool->name);
	put_identifier(tool->name);
	printf("() {\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tCOMPREPLY=()\n"
	       "\t# --option=value is three words\n"
	       "\tif [ \"$cur\" = = ]; then option==$option cur=\n"
	       "\telif [ \"$option\" = = ]; then option==${COMP_WORDS[COMP_CWORD-2]}\n"
	       "\tfi\n"
	       "\t_klp_files() {\n"
	       "\t\tcompopt -o filenames 2>/dev/null\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
	       "\t}\n"
	       "\tcase $option in\n");
	for (const struct tool_option *o = tool->options; o->name; o++)
		if (o->help && o->arg)
			bash_case(o);
	printf("\tesac\n"
	       "\tcase $cur in\n"
	       "\t\t-*)\n"
	       "\t\t\tmapfile -t COMPREPLY < <(compgen -W '");
	for (const struct tool_option *o = tool->options; o->name; o++)
		if (o->help)
			printf("--%s ", o->name);
	printf("' -- \"$cur\")\n"
	       "\t\t\treturn ;;\n"
	       "\tesac\n\t");
	bash_values(tool->operands, NULL);
	printf("\n}\ncomplete -F _");
	put_identifier(tool->name);
	printf(" %s\n", tool->name);
}

/* Within '' of the shell, and within a spec, where ':' and ']' end something. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else if (*text == '\n')
			putchar(' ');
		else
			printf("%s%c", strchr("[]:\\", *text) ? "\\" : "", *text);
	}
}

static void zsh_values(const char *what, enum tool_takes takes, const char *words)
{
	putchar(':');
	zsh_text(what);
	putchar(':');
	if (words)
		printf("(%s)", words);
	else if (takes != TOOL_TEXT)
		fputs(is_dir(takes) ? "_files -/" : "_files", stdout);
	else
		putchar(' ');
}

/* '*' for one that may be given again; "--name=" for an argument behind '=' or in the next word. */
static void zsh_option(const struct tool_option *o)
{
	const char *joint = !o->arg ? "" : may_lack(o) ? "=-" : "=";

	printf("\t'%s", o->flags & TOOL_MANY ? "*" : "");
	if (o->key < TOOL_LONG && !(o->flags & TOOL_MANY))
		printf("(-%c --%s)", o->key, o->name);
	if (o->key < TOOL_LONG)
		printf("'{-%c%s,--%s%s}'[", o->key, o->arg ? "+" : "", o->name, joint);
	else
		printf("--%s%s[", o->name, joint);
	zsh_text(o->help);
	putchar(']');
	if (o->arg) {
		printf("%s", may_lack(o) ? ":" : "");
		zsh_values(may_lack(o) ? "FILE" : o->arg, o->takes, o->words);
	}
	printf("' \\\n");
}

static void print_zsh(const struct tool *tool)
{
	printf("#compdef %s\n# by `%s --completion zsh`\n_arguments -s -S \\\n", tool->name,
	       tool->name);
	for (const struct tool_option *o = tool->options; o->name; o++)
		if (o->help)
			zsh_option(o);
	/* an operand without an action keeps zsh from putting in the option that is meant */
	if (tool->operands != TOOL_TEXT) {
		printf("\t'*");
		zsh_values("operand", tool->operands, NULL);
		putchar('\'');
	}
	putchar('\n');
}

bool completion_print(const struct tool *tool, const char *shell)
{
	if (!strcmp(shell, "bash"))
		print_bash(tool);
	else if (!strcmp(shell, "zsh"))
		print_zsh(tool);
	else
		return false;
	return true;
}
