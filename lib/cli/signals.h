/*
 * Signals and standard descriptors, alike for all programs.
 */
#ifndef KB_CLI_SIGNALS_H
#define KB_CLI_SIGNALS_H

#include <signal.h>

/* The signal that asked a record loop to end, or 0. */
extern volatile sig_atomic_t kb_cli_interrupted;

/* Die by SIGPIPE as filters do, see SIGBUS of a cut file as one line and
 * exit 2, take closed standard descriptors for such. SIGINT, SIGTERM and
 * SIGHUP remove what is half written before they end the program; one that
 * is ignored at the start stays ignored, here and below. */
void kb_signals_init(void);
/* From here on SIGINT, SIGTERM and SIGHUP set kb_cli_interrupted; one
 * that comes half a second later ends the program. */
void kb_signals_catch(void);

#endif
