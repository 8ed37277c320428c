export { byBarcode, findVariants, type Item } from '$lib/scan/variants';
