/** What may depend on what. */
@NullMarked
package dev.peerage.architecture;

import org.jspecify.annotations.NullMarked;
