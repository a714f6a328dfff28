/** Text with the origin of each character. Independent of all other packages. */
@NullMarked
package io.urteil.text;

import org.jspecify.annotations.NullMarked;
