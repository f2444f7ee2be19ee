/** Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations. */

const MOST_SWEEPS = 60;

/**
 * Each rotation makes one pair of entries beside the diagonal 0; sweep after sweep, nothing is left beside it.
 * @param {number[][]} matrix symmetric
 * @returns {{values: number[], vectors: number[][]}} from the largest value on; each vector has length 1
 */
export function symmetricEigen(matrix) {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => Number(i === j)));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let beside = 0;
    let diagonal = 0;
    for (let i = 0; i < size; i++) {
      diagonal += a[i][i] ** 2;
      for (let j = 0; j < i; j++) beside += a[i][j] ** 2;
    }
    if (beside <= 1e-30 * diagonal) break;
    for (let p = 0; p < size; p++)
      for (let q = p + 1; q < size; q++) {
        if (a[p][q] === 0) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < size; k++) {
          const [kp, kq] = [a[k][p], a[k][q]];
          a[k][p] = c * kp - s * kq;
          a[k][q] = s * kp + c * kq;
        }
        for (let k = 0; k < size; k++) {
          const [pk, qk, vp, vq] = [a[p][k], a[q][k], v[k][p], v[k][q]];
          a[p][k] = c * pk - s * qk;
          a[q][k] = s * pk + c * qk;
          v[k][p] = c * vp - s * vq;
          v[k][q] = s * vp + c * vq;
        }
      }
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v.map((row) => row[i])) };
}
