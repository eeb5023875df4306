@NullMarked
package dev.peerage.snapshot;

import org.jspecify.annotations.NullMarked;
