export const USER_PAGE_SIZE = 100;
