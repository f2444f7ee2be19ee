"""Optimisers: what to do with a gradient once it is known.

All of them walk downhill. Plain gradient descent takes one step against the gradient; momentum
keeps rolling in the direction of earlier steps; RMSprop gives every parameter its own step size;
Adam does both. `update_step` of each class is its rule for one parameter array, changed in place.
Names, arguments, defaults and every detail of the rules are those of `keras.optimizers`.

Weight decay is one more line before the rule, w ← w − ηλw, for all parameters, biases included. For
plain gradient descent it is the same as the penalty ½λw² in the loss, whose gradient λw the rule
multiplies by η. For Adam it is not: a penalty's gradient is divided by the size of the gradients,
decay is not. With it Keras calls Adam *AdamW* (I. Loshchilov and F. Hutter, "Decoupled weight decay
regularization", 2019, https://arxiv.org/abs/1711.05101).
"""

import numpy as np

from helpers.arguments import as_count, as_flag, as_list, as_numbers, as_real
from helpers.limits import told


class Optimizer:
    """The base of the optimisers: keeps what a rule remembers about each parameter.

    Attributes
    ----------
    learning_rate : float
        May be changed between steps.
    weight_decay : float or None
        Which share of a parameter, times the learning rate, is lost at every step.
    iterations : int
        How many steps have been taken.
    """

    #: What a rule remembers for every parameter, all zeros at the start.
    memory = ()

    def __init__(self, learning_rate, weight_decay=None):
        self.learning_rate = learning_rate
        self.weight_decay = (
            None if weight_decay is None else as_real("weight_decay", weight_decay, at_least=0)
        )
        self.iterations = 0
        self._memories = None  # for each parameter, one array for each name in `memory`
        self._shapes = None  # of the parameters, once they are known

    @property
    def learning_rate(self):
        """How long a step is, as a multiple of what the rule works out."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self._learning_rate = as_real("learning_rate", rate, at_least=0)

    def apply(self, gradients, parameters):
        """Take one step: change every parameter in place, by its gradient.

        Parameters
        ----------
        gradients, parameters : list of ndarray
            In the same order, with the same shapes, and the same arrays at every step.

        Raises
        ------
        TypeError
            If a parameter is no float array: it could not be changed in place.
        ValueError
            If shapes differ, or are not those of the steps before.

        Examples
        --------
        Downhill on L(w) = w², whose gradient is 2w, starting from w = 1:

        >>> w = np.array([1.0])
        >>> optimizer = SGD(learning_rate=0.25)
        >>> for step in range(3):
        ...     optimizer.apply([2 * w], [w])
        ...     print(w)
        [0.5]
        [0.25]
        [0.125]
        """
        gradients, parameters = self._receive(gradients, parameters)
        if self._memories is None:
            self._memories = [[np.zeros_like(p) for _ in self.memory] for p in parameters]
            self._shapes = [p.shape for p in parameters]
        self.iterations += 1
        for gradient, parameter, memory in zip(gradients, parameters, self._memories, strict=True):
            if self.weight_decay is not None:
                parameter -= self.learning_rate * self.weight_decay * parameter
            self.update_step(gradient, parameter, *memory)

    def _receive(self, gradients, parameters):
        """Return both as lists of arrays that fit; nothing has changed where one does not."""
        parameters = as_list("parameters", parameters, "a list of arrays, [w, b]")
        gradients = as_list("gradients", gradients, "a list of arrays, [grad_w, grad_b]")
        _refuse_what_cannot_change(parameters)
        gradients = [_as_array("a gradient", gradient) for gradient in gradients]
        needed = self._shapes or [parameter.shape for parameter in parameters]
        for name, arrays in (("gradients", gradients), ("parameters", parameters)):
            if (shapes := [np.shape(array) for array in arrays]) != needed:
                raise ValueError(
                    f"{name} of shapes {told(shapes)} do not fit: this optimiser works on "
                    f"parameters of shapes {told(needed)}; for others make a new one"
                )
        return gradients, parameters

    def update_step(self, gradient, parameter, *memory):
        """Change one parameter in place, and what is remembered about it."""
        raise NotImplementedError

    def get_state(self):
        """Return a copy of everything remembered, for `set_state`."""
        memories = self._memories
        return self.iterations, memories and [[a.copy() for a in arrays] for arrays in memories]

    def set_state(self, state):
        """Go back to what `get_state` returned."""
        fits = "what get_state returned, (iterations, memories)"
        state = as_list("state", state, fits)
        if len(state) != 2 or not (state[1] is None or isinstance(state[1], list)):
            raise ValueError(f"state={told(state)} does not fit: use {fits}")
        iterations, memories = as_count("iterations", state[0], least=0), None
        if state[1] is not None:
            memories = [self._as_memory(arrays, fits) for arrays in state[1]]
            shapes = [arrays[0].shape for arrays in memories if arrays]
            if self._shapes and shapes and shapes != self._shapes:
                raise ValueError(
                    f"a state for parameters of shapes {told(shapes)} does not fit: "
                    f"this optimiser works on {told(self._shapes)}"
                )
            self._shapes = self._shapes or shapes
        self.iterations, self._memories = iterations, memories

    def _as_memory(self, arrays, fits):
        """Return copies of what is remembered about one parameter."""
        arrays = as_list("memories", arrays, fits)
        if len(arrays) != len(self.memory):
            raise ValueError(
                f"memories of {len(arrays)} arrays for each parameter do not fit: "
                f"{type(self).__name__} remembers {len(self.memory)}, {', '.join(self.memory)}"
            )
        memory = [np.array(_as_array("a memory", array) * 1.0) for array in arrays]
        if any(array.shape != memory[0].shape for array in memory):
            raise ValueError(f"memories={told(arrays)} differ in shape: use {fits}")
        return memory


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted; "stochastic" if batches are drawn at random.

    Parameters
    ----------
    learning_rate : float
        η, the length of a step as a multiple of the gradient.
    momentum : float
        μ between 0 and 1: how much of the last step is taken again.
    nesterov : bool
        Whether to use the gradient as if the momentum part of the step were done already.
    weight_decay : float, optional
        λ: every step first takes ηλw off a parameter w.

    Notes
    -----
    With momentum, a gradient g that stays the same leads to steps of length
    η(1 + μ + μ² + …)g = ηg/(1 − μ): with μ = 0.9 they are ten times as long. The velocity is *not*
    the mean μv + (1 − μ)g of other texts, which needs a learning rate 1/(1 − μ) times as large for
    the same path.

    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods" (1964);
    I. Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013).

    Examples
    --------
    >>> w, optimizer = np.array([0.0]), SGD(learning_rate=1.0, momentum=0.5)
    >>> for step in range(3):  # −1, −1 − 0.5, −1 − 0.5 − 0.25
    ...     optimizer.apply([np.array([1.0])], [w])
    ...     print(w)
    [-1.]
    [-2.5]
    [-4.25]
    """

    memory = ("velocity",)

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, *, weight_decay=None):
        super().__init__(learning_rate, weight_decay)
        self.momentum = as_real("momentum", momentum, at_least=0, at_most=1)
        self.nesterov = as_flag("nesterov", nesterov)

    def update_step(self, gradient, parameter, velocity):
        """Do v ← μv − ηg, then w ← w + v; with Nesterov's change w ← w + μv − ηg."""
        step = self.learning_rate * gradient
        velocity *= self.momentum
        velocity -= step
        parameter += self.momentum * velocity - step if self.nesterov else velocity


class RMSprop(Optimizer):
    """Divides each parameter's gradient by its own recent size, so that all move at a like speed.

    Parameters
    ----------
    learning_rate : float
        η, about the length of a step whatever the gradient's size.
    rho : float
        ρ between 0 and 1: how much of the running mean of the squared gradient is kept.
    momentum : float
        μ between 0 and 1: how much of the last step is taken again.
    epsilon : float
        ε, keeps the division finite. As in Keras it stands inside the root, so that 1e-7 counts as
        a gradient of 3·10⁻⁴; other libraries add it to the root.
    weight_decay : float, optional
        λ: every step first takes ηλw off a parameter w.

    Notes
    -----
    T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Coursera (2012).

    Examples
    --------
    Gradients of 1000 and of 0.1 make the same first step, η/√(1 − ρ):

    >>> w, optimizer = np.array([0.0, 0.0]), RMSprop(learning_rate=0.01, rho=0.75)
    >>> optimizer.apply([np.array([1000.0, 0.1])], [w])
    >>> print(w.round(4))
    [-0.02 -0.02]
    """

    memory = ("mean_square", "velocity")

    def __init__(
        self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, *, weight_decay=None
    ):
        super().__init__(learning_rate, weight_decay)
        self.rho = as_real("rho", rho, at_least=0, at_most=1)
        self.momentum = as_real("momentum", momentum, at_least=0, at_most=1)
        self.epsilon = as_real("epsilon", epsilon, at_least=0)

    def update_step(self, gradient, parameter, mean_square, velocity):
        """Do s ← ρs + (1 − ρ)g², then v ← μv + ηg/√(s + ε), then w ← w − v."""
        mean_square *= self.rho
        mean_square += (1 - self.rho) * gradient**2
        velocity *= self.momentum
        velocity += self.learning_rate * gradient / np.sqrt(mean_square + self.epsilon)
        parameter -= velocity


class Adam(Optimizer):
    """Momentum on the gradient and RMSprop's division, both corrected for starting from zero.

    Parameters
    ----------
    learning_rate : float
        η, about the largest step of a parameter.
    beta_1, beta_2 : float
        β₁ and β₂, at least 0 and below 1: how much of the running mean of the gradient, and of its
        square, is kept.
    epsilon : float
        ε, keeps the division finite.
    weight_decay : float, optional
        λ: every step first takes ηλw off a parameter w.

    Notes
    -----
    The running mean m starts at 0. After t steps with the same gradient g it is (1 − β₁ᵗ)g, too
    small at first; m/(1 − β₁ᵗ) is right from the first step on, and v/(1 − β₂ᵗ) likewise. The paper
    writes η·m̂/(√v̂ + ε). Here, as in Keras, the two corrections are taken together into
    α = η√(1 − β₂ᵗ)/(1 − β₁ᵗ), the form that the paper gives at the end of its section 2. Its ε
    stands beside √v instead of √v̂ and so counts for more in the first steps.

    D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization" (2015),
    https://arxiv.org/abs/1412.6980.

    Examples
    --------
    The first step has length η, whatever the gradient:

    >>> w, optimizer = np.array([0.0, 0.0]), Adam(learning_rate=0.01)
    >>> optimizer.apply([np.array([1000.0, -0.1])], [w])
    >>> print(w.round(4))
    [-0.01  0.01]
    """

    memory = ("mean", "mean_square")

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, *, weight_decay=None
    ):
        super().__init__(learning_rate, weight_decay)
        self.beta_1 = as_real("beta_1", beta_1, at_least=0, below=1)
        self.beta_2 = as_real("beta_2", beta_2, at_least=0, below=1)
        self.epsilon = as_real("epsilon", epsilon, at_least=0)

    def update_step(self, gradient, parameter, mean, mean_square):
        """Do m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², then w ← w − α·m/(√v + ε)."""
        mean += (1 - self.beta_1) * (gradient - mean)
        mean_square += (1 - self.beta_2) * (gradient**2 - mean_square)
        t = self.iterations
        alpha = self.learning_rate * (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        parameter -= alpha * mean / (np.sqrt(mean_square) + self.epsilon)


_NAMES = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}


def as_optimizer(optimizer):
    """Return an optimiser from its name, such as "sgd", or from an `Optimizer`."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    if isinstance(optimizer, str) and optimizer.lower() in _NAMES:
        return _NAMES[optimizer.lower()]()
    raise ValueError(
        f"optimizer={told(optimizer)} is unknown: use one of {', '.join(_NAMES)}, or an Optimizer"
    )


def _as_array(name, value):
    """Return an array of real numbers, which here may be a single one, without axes."""
    if np.isscalar(value) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return as_numbers(name, [value])[0]
    return as_numbers(name, value)


def _refuse_what_cannot_change(parameters):
    for parameter in parameters:
        if not isinstance(parameter, np.ndarray) or parameter.dtype.kind != "f":
            raise TypeError(
                f"the parameter {told(parameter)} cannot be changed in place: use an array of "
                "floats, np.array([1.0])"
            )
        if not parameter.flags.writeable:
            raise ValueError(
                f"the parameter {told(parameter)} is read-only and cannot be changed in place: "
                "use a copy, parameter.copy()"
            )
