/** What operator, agents and the storage migration may do in the API server, and need. */
@NullMarked
package dev.peerage.rights;

import org.jspecify.annotations.NullMarked;
