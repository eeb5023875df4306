/** The image's content as {@code image/runtime} lays it out, run without a container. */
@NullMarked
package dev.peerage.image;

import org.jspecify.annotations.NullMarked;
