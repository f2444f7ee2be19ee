/**
 * C ← A B or C ← C + A B, for matrices that lie anywhere in flat arrays.
 *
 * Four rows by four columns are summed at once, so that every number that is read is used four times
 * while it is at hand. A step of rows and one of columns describe each factor: a transposed matrix is
 * the same array with its two steps exchanged, and nothing is copied.
 */

/**
 * @typedef {object} Matrix
 * @property {Float64Array | Float32Array} values
 * @property {number} start where its first number stands
 * @property {number} row how far it is to the number below
 * @property {number} col how far it is to the number at the right
 */

/**
 * @param {number} rows of A and C @param {number} depth columns of A, rows of B @param {number} cols of B and C
 * @param {Matrix} left A @param {Matrix} right B @param {Matrix} sum C
 * @param {boolean} adds whether C's own numbers count
 */
export function multiply(rows, depth, cols, left, right, sum, adds) {
  const [wholeRows, wholeCols] = [rows - (rows % 4), cols - (cols % 4)];
  for (let i = 0; i < wholeRows; i += 4)
    for (let j = 0; j < wholeCols; j += 4)
      block(
        depth,
        left.values,
        left.start + i * left.row,
        left.row,
        left.col,
        right.values,
        right.start + j * right.col,
        right.row,
        right.col,
        sum.values,
        sum.start + i * sum.row + j * sum.col,
        sum.row,
        sum.col,
        adds,
      );
  for (let i = 0; i < rows; i++)
    for (let j = i < wholeRows ? wholeCols : 0; j < cols; j++)
      single(
        depth,
        left.values,
        left.start + i * left.row,
        left.col,
        right.values,
        right.start + j * right.col,
        right.row,
        sum.values,
        sum.start + i * sum.row + j * sum.col,
        adds,
      );
}

function single(depth, a, atA, stepA, b, atB, stepB, c, atC, adds) {
  let total = adds ? c[atC] : 0;
  for (let k = 0; k < depth; k++, atA += stepA, atB += stepB) total += a[atA] * b[atB];
  c[atC] = total;
}

function block(depth, a, atA, rowA, colA, b, atB, rowB, colB, c, atC, rowC, colC, adds) {
  let c00 = 0,
    c01 = 0,
    c02 = 0,
    c03 = 0,
    c10 = 0,
    c11 = 0,
    c12 = 0,
    c13 = 0;
  let c20 = 0,
    c21 = 0,
    c22 = 0,
    c23 = 0,
    c30 = 0,
    c31 = 0,
    c32 = 0,
    c33 = 0;
  for (let k = 0; k < depth; k++, atA += colA, atB += rowB) {
    const b0 = b[atB],
      b1 = b[atB + colB],
      b2 = b[atB + 2 * colB],
      b3 = b[atB + 3 * colB];
    const a0 = a[atA];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = a[atA + rowA];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = a[atA + 2 * rowA];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = a[atA + 3 * rowA];
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  put(c, atC, colC, adds, c00, c01, c02, c03);
  put(c, atC + rowC, colC, adds, c10, c11, c12, c13);
  put(c, atC + 2 * rowC, colC, adds, c20, c21, c22, c23);
  put(c, atC + 3 * rowC, colC, adds, c30, c31, c32, c33);
}

function put(c, at, step, adds, first, second, third, fourth) {
  c[at] = adds ? c[at] + first : first;
  c[at + step] = adds ? c[at + step] + second : second;
  c[at + 2 * step] = adds ? c[at + 2 * step] + third : third;
  c[at + 3 * step] = adds ? c[at + 3 * step] + fourth : fourth;
}
