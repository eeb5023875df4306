/** The command line: one class per subcommand. */
@NullMarked
package dev.peerage.cli;

import org.jspecify.annotations.NullMarked;
