/** What the counter asks the person: a dialog by its name, or the discount of one line by its variant. */
export type Ask = 'pay' | 'discount' | 'customer' | 'later' | 'forget' | 'cart' | 'till' | number | null;
