/** Tests of what the kernel says. */
@NullMarked
package dev.peerage.host;

import org.jspecify.annotations.NullMarked;
