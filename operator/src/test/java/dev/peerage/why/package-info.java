@NullMarked
package dev.peerage.why;

import org.jspecify.annotations.NullMarked;
